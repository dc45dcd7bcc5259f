using System.Diagnostics.Metrics;
using FlyApi.Contracts;
using Reconciler.Telemetry;

namespace Reconciler.Hosting.Gauges;

/// <summary>How well this process sees Fly.</summary>
internal static class ViewGauges
{
    /// <summary>What is none of these is <c>other</c>: the state is Fly's text.</summary>
    private static readonly string[] States =
    [
        MachineStates.Started, MachineStates.Stopped, "created", "starting", "stopping", "suspended", "updating", "replacing", MachineStates.Failed,
    ];

    public static void Register(Core core)
    {
        var telemetry = core.Telemetry;
        telemetry.Gauge("reconciler_snapshot_age_seconds", "Age of what we last read of Fly; -1 before the first.", () => SnapshotAges(core));
        telemetry.Gauge("reconciler_snapshot_error_regions", "Regions missing from the last full list.", () => core.View.ErrorRegions.Count);
        telemetry.Gauge("reconciler_org_machines", "Machines of the whole organisation by state, as Fly's list has them.", () => Machines(core));
    }

    private static IEnumerable<Measurement<double>> SnapshotAges(Core core)
    {
        yield return Age("any", core.View.ReadAt);
        yield return Age("full", core.View.CompleteAt);

        Measurement<double> Age(string source, DateTimeOffset? at) => new(
            at is { } read ? (core.Ports.Time.GetUtcNow() - read).TotalSeconds : -1, new KeyValuePair<string, object?>("source", source));
    }

    private static IEnumerable<Measurement<double>> Machines(Core core)
    {
        var counts = core.View.Read(static apps => apps.Values
            .SelectMany(static machines => machines)
            .CountBy(static machine => States.Contains(machine.State, StringComparer.Ordinal) ? machine.State : ReasonClass.Other)
            .ToDictionary(StringComparer.Ordinal));
        foreach (var state in States.Append(ReasonClass.Other))
        {
            yield return new(counts.GetValueOrDefault(state), new KeyValuePair<string, object?>("state", state));
        }
    }
}
