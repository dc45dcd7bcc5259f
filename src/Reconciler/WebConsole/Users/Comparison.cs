using System.Globalization;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.WebConsole.Users;

/// <summary>One line of desired beside observed.</summary>
internal sealed record ComparedField(string Name, string Desired, string Observed, bool Differs);

/// <summary>
/// Desired and observed side by side. Whether a field differs is the planner's word (its drifts), not a second opinion; values of the
/// machine's environment are never shown, because what stands there by accident may be a secret. Pure.
/// </summary>
internal static class Comparison
{
    private const string None = "none";

    public static IReadOnlyList<ComparedField> Of(Snapshot snapshot, Plan? plan)
    {
        var (desired, observed) = (snapshot.Desired, snapshot.Observed);
        var machine = observed.Machines.FirstOrDefault(m => m.Id == snapshot.User.MachineId) ?? (observed.Machines.Count > 0 ? observed.Machines[0] : null);
        var fields = new List<ComparedField>
        {
            App(desired, observed),
            Machine(snapshot, machine),
        };
        if (desired.Machine is { } spec)
        {
            AddSpec(fields, spec, machine, plan?.Drifts ?? []);
        }

        return fields;
    }

    private static ComparedField App(DesiredApp desired, ObservedApp observed)
    {
        var wished = desired.Phase == Phase.Absent ? None : desired.AppName;
        var (seen, differs) = observed.App switch
        {
            AppPresence.Ours => (desired.AppName, desired.Phase == Phase.Absent),
            AppPresence.Adoptable => ("there, not recorded as ours yet", true),
            AppPresence.Foreign => ("the name is somebody else's", desired.Phase != Phase.Absent),
            _ => (None, desired.Phase == Phase.Run),
        };
        return new ComparedField("app", wished, seen, differs);
    }

    private static ComparedField Machine(Snapshot snapshot, Machine? machine)
    {
        var wished = snapshot.Desired.Phase == Phase.Run ? "one, started" : "none started";
        var seen = machine is null
            ? None
            : $"{machine.Id}, {machine.State}{(snapshot.Observed.Machines.Count > 1 ? $" (and {snapshot.Observed.Machines.Count - 1} more)" : "")}";
        var started = snapshot.Observed.Machines.Count(m => m.State == MachineStates.Started);
        return new ComparedField("machine", wished, seen, started != (snapshot.Desired.Phase == Phase.Run ? 1 : 0) || snapshot.Observed.Machines.Count > 1);
    }

    private static void AddSpec(List<ComparedField> fields, MachineSpec spec, Machine? machine, IReadOnlyList<Drift> drifts)
    {
        var config = machine?.Config;
        Add("region", spec.Region, machine?.Region);
        Add("image", spec.ImageLabel, machine is null ? null : $"the same, {Short(spec.ImageDigest)}");
        Add("guest", Show(spec.Guest), config?.Guest is { } guest ? Show(guest) : null);
        Add("restart", "always", config?.Restart?.Policy);
        Add("services", spec.PublicIngress ? "80, 443 -> 8080" : None, machine is null ? null : spec.PublicIngress ? "80, 443 -> 8080" : None);
        Add("secrets", $"{spec.SecretNames.Count} names, digest {spec.SecretsDigest}", machine is null ? null : $"digest {spec.SecretsDigest}");
        foreach (var drift in drifts.Where(d => fields.TrueForAll(f => f.Name != d.Field)))
        {
            fields.Add(new ComparedField(drift.Field, drift.Desired ?? None, drift.Observed ?? None, true));
        }

        void Add(string name, string desired, string? observed)
        {
            var drift = drifts.FirstOrDefault(d => d.Field == name);
            fields.Add(drift is null
                ? new ComparedField(name, desired, observed ?? None, machine is null)
                : new ComparedField(name, drift.Desired ?? None, drift.Observed ?? None, true));
        }
    }

    /// <summary>Enough of a digest to tell two apart.</summary>
    private static string Short(string digest) => digest.Length > 19 ? digest[..19] : digest;

    private static string Show(Guest guest) =>
        string.Create(CultureInfo.InvariantCulture, $"{guest.CpuKind ?? "shared"} {guest.Cpus} CPU/{guest.MemoryMb} MB");
}
