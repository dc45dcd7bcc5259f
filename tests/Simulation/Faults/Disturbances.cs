namespace Simulation.Faults;

/// <summary>
/// Numbers everything that a seed lets go wrong or lets people do, so that a failing seed can be replayed with fewer of them.
/// The draws behind a disturbance are made whether or not it is left out, so that the others stay what they were.
/// </summary>
internal sealed class Disturbances(IReadOnlySet<int>? only = null)
{
    private readonly List<(int Number, string What)> _happened = [];
    private int _next;

    /// <summary>Those that were let happen, in order.</summary>
    public IReadOnlyList<(int Number, string What)> Happened => _happened;

    public bool Happens(string what)
    {
        var number = _next++;
        if (only is not null && !only.Contains(number))
        {
            return false;
        }

        _happened.Add((number, what));
        return true;
    }
}
