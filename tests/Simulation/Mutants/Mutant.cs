namespace Simulation.Mutants;

/// <summary>One deliberate defect: a piece of the product's text and what a careless hand would have made of it.</summary>
/// <param name="Name">What is broken, in words.</param>
/// <param name="File">From the repository's root.</param>
/// <param name="Find">Occurs exactly once in the file.</param>
/// <param name="Replace">What stands there instead.</param>
/// <param name="Suites">The suites asked, in this order, until one fails: the likeliest first.</param>
internal sealed record Mutant(string Name, string File, string Find, string Replace, params Suite[] Suites)
{
    /// <summary>The test classes asked, where those that lie in the folder of the same name as the file's would not do.</summary>
    public IReadOnlyList<string> Tests { get; init; } = [];

    /// <summary>Why this one changes nothing that anybody could see; such a mutant is shown and not tried.</summary>
    public string? Equivalent { get; init; }

    /// <summary>The product's project, such as <c>src/Reconciler</c>.</summary>
    public string Project => string.Join('/', File.Split('/').Take(2));

    /// <summary>
    /// What <c>dotnet test --filter</c> is given; null asks the whole project. Properties over generated cases take longer than all
    /// examples together, so a mutant that only they notice names them.
    /// </summary>
    public string? Filter => (Tests, File.Split('/')) switch
    {
        ({ Count: > 0 }, _) => string.Join('|', Tests.Select(t => $"FullyQualifiedName~.{t}.")),
        (_, [_, "Reconciler", var folder, ..]) => $"(FullyQualifiedName~Reconciler.Tests.{folder}.&FullyQualifiedName!~Properties.&FullyQualifiedName!~ModelTests.&FullyQualifiedName!~PlannerCoverage.)",
        _ => null,
    };
}

/// <summary>What can catch a mutant.</summary>
internal enum Suite
{
    /// <summary>All stories undisturbed, and a thinned choice of every fault and crash.</summary>
    Sweep,

    /// <summary>Random lives.</summary>
    Seeds,

    /// <summary>Who waits for whom.</summary>
    Load,

    ReconcilerTests,
    FlyApiTests,
    StoreTests,
}
