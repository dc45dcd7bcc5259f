using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    private const int KeptViews = 32;
    private readonly Dictionary<string, SimMachine> _machines = new(StringComparer.Ordinal);
    private (long Revision, SimMachine[] Machines)? _byUpdate;
    private long _revision;

    /// <summary>A machine as lists show it that lag so far behind, or null when they do not show it yet.</summary>
    internal ListView? View(SimMachine machine, int lagMs) =>
        lagMs == 0 ? machine.Views[^1] : machine.Views.FindLast(v => v.At <= Now - Ms(lagMs));

    /// <summary>All machines of the organisation in the order of the org-wide list: oldest change first, then id.</summary>
    internal IEnumerable<(SimMachine Machine, ListView View)> OrgViews(int lagMs)
    {
        if (lagMs == 0)
        {
            return SortedByUpdate().Select(m => (m, m.Views[^1]));
        }

        return from machine in _machines.Values
               let view = View(machine, lagMs)
               where view is not null && machine.App.Org == Org
               orderby view.At, machine.Id
               select (machine, view);
    }

    /// <summary>Machines in order of their last change. Kept until something changes: a quiet fleet is listed page by page, pass after pass.</summary>
    private SimMachine[] SortedByUpdate()
    {
        if (_byUpdate is { } kept && kept.Revision == _revision)
        {
            return kept.Machines;
        }

        var machines = _machines.Values.Where(m => m.App.Org == Org).ToArray();
        Array.Sort(machines, static (a, b) => Compare((a.Views[^1].At, a.Id), (b.Views[^1].At, b.Id)));
        _byUpdate = (_revision, machines);
        return machines;
    }

    internal static int Compare((DateTimeOffset At, string Id) a, (DateTimeOffset At, string Id) b) =>
        a.At.CompareTo(b.At) is not 0 and var byTime ? byTime : string.CompareOrdinal(a.Id, b.Id);

    /// <summary>Marks a machine as changed now.</summary>
    private void Touch(SimMachine machine)
    {
        // Distinct, growing times: a client that pages or polls by time must be able to tell changes apart.
        machine.UpdatedAt = machine.Views.Count > 0 && machine.UpdatedAt >= Now ? machine.UpdatedAt.AddTicks(1) : Now;
        machine.Views.Add(new ListView(machine.UpdatedAt, machine.State, machine.Region, machine.Current));
        if (machine.Views.Count > KeptViews)
        {
            machine.Views.RemoveAt(0);
        }

        _revision++;
        machine.Touch();
    }

    private void ForgetMachine(SimMachine machine)
    {
        machine.App.Machines.Remove(machine.Id);
        _machines.Remove(machine.Id);
        _revision++;
    }

    private void ForgetMachines(SimApp app)
    {
        foreach (var machine in app.Machines.Values.ToList())
        {
            ForgetMachine(machine);
        }
    }
}
