namespace Simulation.Mutants;

/// <summary>How it went for one mutant.</summary>
internal enum Fate
{
    Caught,
    Survived,

    /// <summary>It is known to change nothing that can be seen.</summary>
    Equivalent,

    /// <summary>It could not be tried: its text is gone, it does not compile, or its filter names no test. That says nothing of the suites.</summary>
    Broken,
}

/// <param name="By">What caught it and the first thing that was said; or why it was not caught.</param>
internal sealed record Verdict(Fate Fate, string By);
