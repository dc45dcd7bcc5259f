using Reconciler.Leading;
using Reconciler.Queueing;
using Reconciler.Reconciling;
using Reconciler.Rollouts;
using Reconciler.Secrets;
using Reconciler.Telemetry;
using Reconciler.Texts;
using Store;

namespace Reconciler.Hosting;

/// <summary>
/// The leader's turns of the rollout: read where it stands, let the planner decide, write that down, then have the users looked at.
/// Everything that the next turn needs is in the database, so any leader can take it.
/// </summary>
internal sealed class RolloutLoop(
    IStore store,
    IPolicySource policies,
    ISecretSource secrets,
    ConvergenceLedger ledger,
    DeepRequests deep,
    Func<Guid, string, bool> acts,
    Func<string?> hold,
    RolloutSettings settings,
    TimeSpan stuckAfter,
    TimeProvider time,
    ReconcilerTelemetry telemetry,
    ILogger<RolloutLoop> logger)
{
    /// <summary>A fleet at rest is looked at less often than one on the move.</summary>
    private const double IdleFactor = 2.5;

    private readonly RolloutMemory _memory = new();
    private RolloutView? _last;

    /// <summary>Raised when everybody's revision may have changed at once.</summary>
    public event Action? Settled;

    /// <summary>What the last turn saw; null before the first, and when we do not lead.</summary>
    public RolloutView? Last => Volatile.Read(ref _last);

    public async Task RunAsync(WorkQueue<Guid> queue, Leadership leadership, CancellationToken cancellationToken)
    {
        var unbroken = new UnbrokenTime(time);
        try
        {
            while (true)
            {
                var isUnderWay = await TryTurnAsync(queue, leadership, unbroken.Since(), cancellationToken);
                await Task.Delay(isUnderWay ? settings.Interval : settings.Interval * IdleFactor, time, cancellationToken);
            }
        }
        finally
        {
            Volatile.Write(ref _last, null);
        }
    }

    private async Task<bool> TryTurnAsync(WorkQueue<Guid> queue, Leadership leadership, DateTimeOffset since, CancellationToken cancellationToken)
    {
        try
        {
            return await TurnAsync(queue, leadership, since, cancellationToken);
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreSchemaException)
        {
            HostLog.StoreUnavailable(logger, exception.Message);
            return true;
        }
    }

    /// <summary>True while a rollout is under way.</summary>
    public async Task<bool> TurnAsync(WorkQueue<Guid> queue, Leadership leadership, DateTimeOffset since, CancellationToken cancellationToken)
    {
        var policy = policies.Current;
        var read = await RolloutReader.ReadAsync(store, policy, _memory, cancellationToken);
        var input = read.Input(policy, secrets.Knows, acts, hold(), ledger.SeenGoodAt, settings, since, time.GetUtcNow(), stuckAfter);
        if (RolloutPlanner.Next(input) is not { } outcome)
        {
            return false;
        }

        if (read.WriteOf(outcome) is { } write && !await store.WriteRolloutAsync(leadership.Token, write, cancellationToken))
        {
            return true; // somebody else has written meanwhile: the next turn reads what
        }

        Tell(outcome);
        Enqueue(queue, input, outcome);
        Volatile.Write(ref _last, new RolloutView(outcome.State, outcome.Stable, outcome.Candidate, outcome.Count));
        if (outcome.Candidate is null && read.Board.Candidate is not null)
        {
            Settled?.Invoke();
        }

        return outcome.State.IsUnderWay;
    }

    private void Enqueue(WorkQueue<Guid> queue, RolloutInput input, RolloutOutcome outcome)
    {
        foreach (var user in outcome.Moved)
        {
            ledger.Wished(user);
            queue.Add(user, Priority.Rollout, AddKind.NewGeneration);
        }

        foreach (var user in outcome.Forced)
        {
            queue.Add(user, Priority.Rollout, AddKind.Force);
        }

        foreach (var user in outcome.Looks)
        {
            deep.Add(user);
            queue.Add(user, Priority.Rollout, AddKind.Hint);
        }

        // Moved in an earlier turn, perhaps of another leader, and not looked at since: the look may have been lost with its queue.
        foreach (var user in input.Users)
        {
            if (user.Row.Mark is { Verdict: "pending" } mark && user.Row.Target != mark.Revision && !outcome.Moved.Contains(user.Row.UserId))
            {
                queue.Add(user.Row.UserId, Priority.Rollout, AddKind.Hint);
            }
        }
    }

    private void Tell(RolloutOutcome outcome)
    {
        foreach (var entry in outcome.Entries)
        {
            telemetry.RolloutEvent(entry.Action);
            RolloutLog.Entry(logger, entry.Action, entry.Revision, UntrustedText.ForLog(entry.Owner), UntrustedText.ForLog(entry.Message));
        }

        foreach (var verdict in outcome.Verdicts)
        {
            telemetry.RolloutVerdict(verdict);
        }
    }
}

/// <summary>The rollout as the leader last saw it.</summary>
internal sealed record RolloutView(RolloutState State, Revision Stable, Revision? Candidate, RolloutCount Count);
