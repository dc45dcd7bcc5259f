using Reconciler.Hosting;
using Reconciler.Rollouts;

namespace Reconciler.Cli;

/// <summary>What the next turn of the rollout would do, from the planner that the leader asks.</summary>
/// <param name="Next">Apps that would be moved.</param>
/// <param name="Why">Why nobody else would; null when nothing is in the way.</param>
internal sealed record PlannedRollout(string Phase, int Wave, string Stable, string? Candidate, IReadOnlyList<string> Next, string? Why)
{
    /// <summary>Null when no rollout is under way and none would begin.</summary>
    public static async Task<PlannedRollout?> ReadAsync(Core core, CancellationToken cancellationToken)
    {
        if (!core.Settings.Rollout.Enabled)
        {
            return null;
        }

        var policy = core.Policies.Current;
        var now = core.Ports.Time.GetUtcNow();
        var read = await RolloutReader.ReadAsync(core.Ports.Store, policy, new RolloutMemory(), cancellationToken);
        var input = read.Input(
            policy, core.Secrets.Knows, core.Settings.Acts, hold: null, core.Ledger.SeenGoodAt, core.Settings.Rollout, now, now, core.Settings.Timings.StuckAfter);
        if (read.State is null || RolloutPlanner.Next(input) is not { } outcome || outcome is { State: { Phase: RolloutPhase.Idle, Why: null }, Moved.Count: 0 })
        {
            return null;
        }

        var apps = input.Users.ToDictionary(u => u.Row.UserId, u => u.Row.AppName);
        return new PlannedRollout(
            outcome.State.Phase.ToString(), outcome.State.Wave, outcome.Stable.Id, outcome.Candidate?.Id, [.. outcome.Moved.Select(u => apps[u])], outcome.State.Why);
    }

    public void Print()
    {
        Out.Line($"Rollout {Phase}: from {Stable} to {Candidate ?? "nothing else"}{(Why is null ? "" : ": " + Why)}");
        foreach (var app in Next)
        {
            Out.Line($"    next: {app}");
        }
    }
}
