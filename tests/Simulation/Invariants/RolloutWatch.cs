using System.Text.Json;
using Reconciler.Model;
using Reconciler.Reporting;
using StoreModel;

namespace Simulation.Invariants;

/// <summary>
/// Watches every step of a rollout as it is committed: how many users it has down, whom a bad revision has touched, and that it goes
/// forward unless it goes back. It judges by the rows as they stand at that moment, not by what the planner says of them.
/// </summary>
internal sealed class RolloutWatch(SimWorld world, StoreModelDatabase database)
{
    private readonly Dictionary<Guid, string> _marks = [];
    private readonly HashSet<Guid> _costs = [];
    private readonly Dictionary<string, HashSet<Guid>> _touched = new(StringComparer.Ordinal);
    private string? _candidate;
    private long _version;

    /// <summary>After a failover: what is now older may be older. The marks that came back are no moves of now, so how their users are
    /// now does not tell what moving them cost; of whom it is known from before, it stays known.</summary>
    public void Forget()
    {
        var moved = database.RolloutUsers.ToDictionary(m => m.UserId, m => m.Revision);
        _costs.RemoveWhere(u => moved.GetValueOrDefault(u) is not { } revision || _marks.GetValueOrDefault(u) != revision);
        _marks.Clear();
        foreach (var (user, revision) in moved)
        {
            _marks[user] = revision;
        }

        _touched.Clear();
        _candidate = database.Rollout?.Candidate;
        foreach (var mark in database.RolloutUsers.Where(m => m.Revision == _candidate && m.Verdict != "skipped"))
        {
            Touched(mark.Revision).Add(mark.UserId);
        }

        _version = 0;
    }

    /// <param name="lookedAt">When the rows were read by which the step was decided.</param>
    public void Wrote(DateTimeOffset lookedAt)
    {
        if (database.Rollout is not { } rollout)
        {
            return;
        }

        if (_version != 0 && rollout.Version != _version + 1)
        {
            world.Violate("rollout-monotone", $"version {rollout.Version} follows {_version}");
        }

        _version = rollout.Version;
        if (rollout.Candidate != _candidate)
        {
            _touched.Clear();
            _candidate = rollout.Candidate;
        }

        var (phase, wave) = PhaseOf(rollout);
        CheckMoves(rollout, phase, lookedAt);
        CheckDown();
        CheckBad(rollout, phase, wave);
    }

    private void CheckMoves(RolloutRow rollout, string phase, DateTimeOffset lookedAt)
    {
        foreach (var mark in database.RolloutUsers)
        {
            var before = _marks.GetValueOrDefault(mark.UserId);
            if (before == mark.Revision)
            {
                continue;
            }

            if (mark.Revision == rollout.Stable && phase is not ("Reverting" or "RevertFailed"))
            {
                world.Violate("rollout-monotone", $"{mark.UserId} goes back to {mark.Revision} in phase {phase}");
            }

            if (mark.Revision != rollout.Stable && database.Revisions.Single(r => r.Id == mark.Revision).Verdict == "bad")
            {
                world.Violate("rollout-bad", $"{mark.UserId} is moved to {mark.Revision}, which is known to be bad");
            }

            if (mark.Revision == rollout.Candidate && mark.Verdict != "skipped")
            {
                Touched(mark.Revision).Add(mark.UserId);
            }

            // Whoever came up between the look and the move was moved for nothing, which nobody can help.
            if (database.FindApp(mark.UserId) is { Status: "active", HealthStatus: "healthy" } row && mark.Verdict == "pending"
                && !(mark.WasDown && row.UpdatedAt > lookedAt))
            {
                _costs.Add(mark.UserId);
            }
            else if (mark.WasDown && StandsInItsOwnWay(mark.UserId))
            {
                _costs.Remove(mark.UserId); // given up and moved on in one turn, so that the verdict is never seen
            }

            _marks[mark.UserId] = mark.Revision;
        }

        foreach (var user in _marks.Keys.Where(u => database.RolloutUsers.All(m => m.UserId != u)).ToList())
        {
            _marks.Remove(user);
        }
    }

    /// <summary>What a rollout gives a user up for without holding it against anybody.</summary>
    private bool StandsInItsOwnWay(Guid user) => database.FindApp(user) is { Conditions: { } conditions }
        && ReportJson.ReadConditions(conditions).Any(c => c is
        {
            Type: ConditionTypes.Degraded,
            Status: ConditionStatus.True,
            Reason: Reasons.HostUnreachable or Reasons.InvalidOverride or Reasons.AppNameTaken,
        });

    /// <summary>Whoever worked when moved, is not known to work again, and has not been paused.</summary>
    private void CheckDown()
    {
        _costs.RemoveWhere(u => database.RolloutUsers.FirstOrDefault(m => m.UserId == u) is not { Verdict: "pending" }
            || database.FindApp(u)?.PausedAt(database.Now) == true);
        var allowed = world.Settings.Rollout.Strategy.MaxUnavailable ?? 10;
        if (_costs.Count > allowed)
        {
            world.Violate("rollout-down", $"{_costs.Count} users are down for a rollout at once, {allowed} are allowed");
        }
    }

    /// <summary>A revision that fails in its canary was nobody else's.</summary>
    private void CheckBad(RolloutRow rollout, string phase, int wave)
    {
        if (phase != "Reverting" || wave != 0 || rollout.Candidate is not { } candidate)
        {
            return;
        }

        var skipped = database.RolloutUsers.Count(m => m is { Verdict: "skipped" });
        var touched = Touched(candidate).Count;
        if (touched > world.Settings.Rollout.Strategy.CanaryCount + skipped + Left(candidate))
        {
            world.Violate("rollout-blast", $"{candidate} failed in its canary and has touched {touched} users");
        }
    }

    /// <summary>Canaries who went away or could tell nothing were followed by others.</summary>
    private int Left(string revision) => Touched(revision).Count(u => database.RolloutUsers.All(m => m.UserId != u || m.Revision != revision));

    private HashSet<Guid> Touched(string revision)
    {
        if (!_touched.TryGetValue(revision, out var users))
        {
            _touched[revision] = users = [];
        }

        return users;
    }

    private static (string Phase, int Wave) PhaseOf(RolloutRow row)
    {
        using var state = JsonDocument.Parse(row.State);
        return (state.RootElement.GetProperty("phase").GetString()!, state.RootElement.GetProperty("wave").GetInt32());
    }
}
