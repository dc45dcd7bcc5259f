namespace Reconciler.Explaining;

/// <summary>What one reason means to the person who reads it.</summary>
/// <param name="Means">What is the case. One sentence.</param>
/// <param name="Then">What the controller does about it, and at what pace. One sentence.</param>
/// <param name="Help">What a person can do. One sentence; "nothing" is an answer, too.</param>
/// <param name="Decides">The settings and guards that this depends on, as they are written in the configuration; empty when none does.</param>
internal sealed record Advice(string Means, string Then, string Help, params IReadOnlyList<string> Decides);
