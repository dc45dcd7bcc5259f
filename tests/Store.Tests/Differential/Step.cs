namespace Store.Tests.Differential;

/// <summary>An operation that is the same on both sides.</summary>
/// <param name="Text">For whoever reads a failure.</param>
/// <param name="Run">Its answer, as text that may be compared.</param>
internal sealed record Step(string Text, Func<Side, Task<string>> Run);
