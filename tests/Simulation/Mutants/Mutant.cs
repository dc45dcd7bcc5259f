namespace Simulation.Mutants;

/// <summary>One deliberate defect: a piece of the product's text and what a careless hand would have made of it.</summary>
/// <param name="Name">What is broken, in words.</param>
/// <param name="File">From the repository's root.</param>
/// <param name="Find">Occurs exactly once in the file.</param>
/// <param name="Replace">What stands there instead.</param>
/// <param name="Suites">The suites asked, in this order, until one fails.</param>
internal sealed record Mutant(string Name, string File, string Find, string Replace, params Suite[] Suites);

/// <summary>What can catch a mutant.</summary>
internal enum Suite
{
    /// <summary>The core stories with every fault and crash.</summary>
    Sweep,

    /// <summary>Random lives.</summary>
    Seeds,

    /// <summary>The fleet under wrong input.</summary>
    Fleet,

    ReconcilerTests,
    FlyApiTests,
    StoreTests,
}
