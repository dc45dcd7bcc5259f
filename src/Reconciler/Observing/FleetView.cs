using FlyApi.Contracts;

namespace Reconciler.Observing;

/// <summary>
/// What the organisation's machine list last said, by app. Only ever a reason to look: nothing is created or destroyed on
/// its word. What was not seen in an incomplete view is unknown, not absent.
/// </summary>
internal sealed class FleetView
{
    private readonly Lock _gate = new();
    private Dictionary<string, List<OrgMachine>> _apps = new(StringComparer.Ordinal);

    /// <summary>When the last complete list was taken; null before the first.</summary>
    public DateTimeOffset? CompleteAt { get; private set; }

    /// <summary>When anything was last read without a failure.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>Regions missing from the last full list.</summary>
    public IReadOnlyList<string> ErrorRegions { get; private set; } = [];

    /// <summary>False when the last full list missed a page or a region: then absence means nothing.</summary>
    public bool IsComplete { get; private set; }

    public int MachineCount
    {
        get
        {
            lock (_gate)
            {
                return _apps.Values.Sum(static m => m.Count);
            }
        }
    }

    public OrgMachine[] MachinesOf(string appName)
    {
        lock (_gate)
        {
            return _apps.TryGetValue(appName, out var machines) ? [.. machines] : [];
        }
    }

    /// <summary>Takes over a full list.</summary>
    /// <param name="machines">Every machine of every page.</param>
    /// <param name="errorRegions">Regions that did not answer; their machines are kept as they were.</param>
    /// <param name="asOf">When the list was begun.</param>
    public void Replace(IEnumerable<OrgMachine> machines, IReadOnlyList<string> errorRegions, DateTimeOffset asOf)
    {
        lock (_gate)
        {
            var apps = new Dictionary<string, List<OrgMachine>>(_apps.Count, StringComparer.Ordinal);
            foreach (var machine in machines)
            {
                if (!TakeOver(apps, machine))
                {
                    Put(apps, machine);
                }
            }

            if (errorRegions.Count > 0)
            {
                foreach (var machine in _apps.Values.SelectMany(static m => m).Where(m => errorRegions.Contains(m.Region)).ToList())
                {
                    Put(apps, machine);
                }
            }

            _apps = apps;
            ErrorRegions = errorRegions;
            IsComplete = errorRegions.Count == 0;
            ReadAt = asOf;
            CompleteAt = IsComplete ? asOf : CompleteAt;
        }
    }

    /// <summary>Takes in a page of changes; returns the apps in which something is different from before.</summary>
    public IReadOnlyList<string> Apply(IEnumerable<OrgMachine> changes, DateTimeOffset asOf)
    {
        var changed = new SortedSet<string>(StringComparer.Ordinal);
        lock (_gate)
        {
            foreach (var machine in changes)
            {
                if (Put(_apps, machine))
                {
                    changed.Add(machine.AppName);
                }
            }

            ReadAt = asOf;
        }

        return [.. changed];
    }

    /// <summary>Runs a pure function over the view under its lock: no copy is made.</summary>
    public T Read<T>(Func<IReadOnlyDictionary<string, List<OrgMachine>>, T> read)
    {
        lock (_gate)
        {
            return read(_apps);
        }
    }

    /// <summary>
    /// Keeps what the view holds already when the list says the same, which it does for nearly everyone: one copy of a fleet in
    /// memory instead of two.
    /// </summary>
    private bool TakeOver(Dictionary<string, List<OrgMachine>> apps, in OrgMachine machine) =>
        _apps.TryGetValue(machine.AppName, out var known) && known is [var only] && only == machine && apps.TryAdd(only.AppName, known);

    private static bool Put(Dictionary<string, List<OrgMachine>> apps, in OrgMachine machine)
    {
        var gone = MachineStates.IsTerminal(machine.State);
        if (!apps.TryGetValue(machine.AppName, out var machines))
        {
            if (gone)
            {
                return false;
            }

            apps[machine.AppName] = [machine];
            return true;
        }

        var id = machine.Id;
        var index = machines.FindIndex(m => m.Id == id);
        if (gone)
        {
            if (index < 0)
            {
                return false;
            }

            machines.RemoveAt(index);
            if (machines.Count == 0)
            {
                apps.Remove(machine.AppName);
            }

            return true;
        }

        if (index < 0)
        {
            machines.Add(machine);
            return true;
        }

        if (machines[index].UpdatedAt > machine.UpdatedAt || machines[index] == machine)
        {
            return false;
        }

        var same = machines[index] with { UpdatedAt = machine.UpdatedAt } == machine;
        machines[index] = machine;
        return !same;
    }
}
