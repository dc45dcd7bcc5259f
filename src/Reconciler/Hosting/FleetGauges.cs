using System.Diagnostics.Metrics;
using Reconciler.Queueing;
using Reconciler.Rollouts;

namespace Reconciler.Hosting;

/// <summary>Gauges that are read when scraped: the state of queue, view, lease and fleet. Labels are closed sets.</summary>
internal static class FleetGauges
{
    public static void Register(Core core, ControllerTerm term)
    {
        var telemetry = core.Telemetry;
        var time = core.Ports.Time;
        telemetry.Gauge("workqueue_depth", "Ready keys by priority.", () => Depth(term));
        telemetry.Gauge("workqueue_delayed", "Keys waiting for their time.", () => Statistics(term)?.Delayed ?? 0);
        telemetry.Gauge("workqueue_unfinished_work_seconds", "Sum of the ages of running reconciles.", () => Statistics(term)?.UnfinishedWork.TotalSeconds ?? 0);
        telemetry.Gauge(
            "workqueue_longest_running_processor_seconds", "Age of the oldest running reconcile.", () => Statistics(term)?.LongestRunning.TotalSeconds ?? 0);
        telemetry.Gauge("controller_runtime_max_concurrent_reconciles", "Workers.", () => core.Settings.Loops.Workers);
        telemetry.Gauge("leader_election_master_status", "1 on the leader.", () => core.Elector.Current is { CanAct: true } ? 1 : 0);
        telemetry.Gauge("reconciler_lease_epoch", "The epoch we lead with; 0 on a standby.", () => core.Elector.Current?.Token.Epoch ?? 0);
        telemetry.Gauge("reconciler_unconverged", "Users that are not as wished.", () => core.Ledger.Unconverged().Count);
        telemetry.Gauge("reconciler_oldest_unconverged_seconds", "Since when the longest waiting one is not.", () => core.Ledger.Unconverged().Oldest.TotalSeconds);
        telemetry.Gauge(
            "reconciler_snapshot_age_seconds",
            "Age of what we last read of Fly; -1 before the first.",
            () => core.View.ReadAt is { } at ? (time.GetUtcNow() - at).TotalSeconds : -1);
        telemetry.Gauge("reconciler_snapshot_error_regions", "Regions missing from the last full list.", () => core.View.ErrorRegions.Count);
        telemetry.Gauge("reconciler_machines", "Machines in the organisation.", () => core.View.MachineCount);
        telemetry.Gauge("reconciler_users", "Users by what they should have.", () => Users(core));
        telemetry.Gauge("reconciler_hold", "1 while the tripwire holds every stop and destruction of users without a tier.", () => core.Holds.Hold is null ? 0 : 1);
        telemetry.Gauge("reconciler_rollout_phase", "1 for the phase that the leader's rollout is in.", () => Phases(core));
        telemetry.Gauge("reconciler_rollout_users", "Users of the rollout by where they are.", () => Rollout(core));
        telemetry.Gauge("reconciler_rollout_wave", "Wave of the rollout under way; 0 = canary, -1 = none.", () => core.Rollouts.Last?.State.Wave ?? -1);
        telemetry.Gauge(
            "reconciler_rollout_stands_seconds",
            "For how long a rollout that is under way has moved or judged nobody.",
            () => core.Rollouts.Last is { State: { IsUnderWay: true } state } ? (time.GetUtcNow() - state.MovedAt).TotalSeconds : 0);
        telemetry.Gauge(
            "reconciler_rollout_paused", "1 while an operator's pause holds the rollout.", () => core.Rollouts.Last?.State.Pause is null ? 0 : 1);
        telemetry.Gauge("reconciler_image_resolved", "1 while the configured image is resolved.", () => core.Images.Fleet.Resolved ? 1 : 0);
        telemetry.Gauge("reconciler_service_key_good", "1 while the service key may be rolled out.", () => core.Secrets.Status.Usable ? 1 : 0);
    }

    private static QueueStatistics? Statistics(ControllerTerm term)
    {
        try
        {
            return term.Queue?.Statistics();
        }
        catch (ObjectDisposedException)
        {
            return null; // the term ended between the two looks
        }
    }

    private static IEnumerable<Measurement<double>> Depth(ControllerTerm term)
    {
        var statistics = Statistics(term);
        foreach (var priority in Enum.GetValues<Priority>())
        {
            yield return new(statistics?.Ready(priority) ?? 0, new("name", "user-fly-app"), new("priority", priority.ToString()));
        }
    }

    private static IEnumerable<Measurement<double>> Phases(Core core)
    {
        if (core.Rollouts.Last is not { } rollout)
        {
            yield break;
        }

        foreach (var phase in Enum.GetValues<RolloutPhase>())
        {
            yield return new(rollout.State.Phase == phase ? 1 : 0, new KeyValuePair<string, object?>("phase", phase.ToString()));
        }
    }

    private static IEnumerable<Measurement<double>> Rollout(Core core)
    {
        if (core.Rollouts.Last is not { } rollout)
        {
            yield break;
        }

        var count = rollout.Count;
        foreach (var (where, users) in new[]
        {
            ("fleet", count.Fleet), ("target", count.Target), ("good", count.Good), ("on_way", count.OnWay), ("failed", count.Failed),
            ("skipped", count.Skipped), ("down", count.Down),
        })
        {
            yield return new(users, new KeyValuePair<string, object?>("where", where));
        }
    }

    private static IEnumerable<Measurement<double>> Users(Core core)
    {
        if (core.Pass.Last is not { } count)
        {
            yield break;
        }

        yield return new(count.Run, new KeyValuePair<string, object?>("wish", "run"));
        yield return new(count.Live - count.Run, new KeyValuePair<string, object?>("wish", "deprovision"));
        yield return new(count.Rows - count.Live, new KeyValuePair<string, object?>("wish", "none"));
    }
}
