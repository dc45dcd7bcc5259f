using FlySim.Admin;
using FlySim.Model;

namespace FlySim.Worlds;

/// <summary>What a checker reads after every change: cheap, and without JSON.</summary>
public sealed partial class World
{
    /// <summary>Every moment at which two machines of one app, or of one user in any apps, ran at once: should stay empty.</summary>
    public IReadOnlyList<Overlap> Overlaps => _running.Overlaps;

    /// <summary>The machines that are not destroyed.</summary>
    public IReadOnlyList<MachineFacts> Machines()
    {
        var facts = new List<MachineFacts>();
        CopyMachines(facts);
        return facts;
    }

    /// <summary>As <see cref="Machines"/>, into a list that the caller keeps for the next time.</summary>
    public void CopyMachines(List<MachineFacts> facts) => Run(() =>
    {
        facts.Clear();
        foreach (var machine in _machines.Values)
        {
            if (!machine.IsDestroyed)
            {
                facts.Add(Facts(machine));
            }
        }
    });

    /// <summary>The apps, also those being deleted.</summary>
    public IReadOnlyList<AppFacts> AppList() => Run(() =>
        _apps.Values.Select(a => new AppFacts(a.Name, a.Org, a.Network, a.Deleting, a.Secrets.Latest.Version)).ToArray());

    private static MachineFacts Facts(SimMachine machine) => new(
        machine.App.Name,
        machine.App.Org,
        machine.Id,
        machine.Name,
        machine.State,
        machine.ProcessAlive,
        machine.Region,
        machine.HostStatus,
        machine.Current.InstanceId,
        machine.Current.Image.Image.Digest,
        machine.Boot?.Outcome.UserId,
        machine.Boot?.Outcome.RunMode,
        machine.Boot?.SecretsVersion,
        machine.CreatedAt);
}
