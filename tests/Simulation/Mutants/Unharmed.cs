namespace Simulation.Mutants;

/// <summary>
/// What the suites say of the product as it is. A complaint that is made of the unharmed product too catches nothing: such tests
/// are left out of the count, and seeds and the sweep must pass.
/// </summary>
internal sealed class Unharmed
{
    private readonly Dictionary<Suite, HashSet<string>> _known = [];

    /// <returns>False when a simulation fails already.</returns>
    public bool Check(IReadOnlyList<Mutant> mutants, Bench bench, TextWriter output)
    {
        foreach (var suite in mutants.SelectMany(m => m.Suites).Distinct().Order())
        {
            var filters = mutants.Where(m => m.Suites.Contains(suite)).Select(m => m.Filter).Distinct().ToList();
            var filter = suite is Suite.ReconcilerTests && !filters.Contains(null) ? string.Join('|', filters) : null;
            var answer = bench.Ask(suite, filter, assembly: null);
            _known[suite] = [.. answer.Complaints];
            output.WriteLine(answer.Complaints.Count == 0
                ? $"unharmed {suite}: passes"
                : $"unharmed {suite}: {string.Join("; ", answer.Complaints)}");
            if (suite is Suite.Sweep or Suite.Seeds && answer.Complaints.Count > 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Without those that are made of the unharmed product too.</summary>
    public string[] New(Suite suite, IReadOnlyList<string> complaints) =>
        [.. complaints.Where(c => !_known.TryGetValue(suite, out var known) || !known.Contains(c))];
}
