using System.Diagnostics;
using FlyApi;
using Reconciler.Applying;
using Reconciler.Configuration;
using Reconciler.Leading;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Reconciler.Reporting;
using Reconciler.Telemetry;
using Reconciler.Texts;
using Store;

namespace Reconciler.Reconciling;

/// <summary>The loop on one page: observe, plan, apply, report, for one user.</summary>
internal sealed class AppReconciler(
    IStore store,
    SnapshotReader snapshots,
    PlanApplier applier,
    StatusReporter reporter,
    DestroyApprovals approvals,
    ConvergenceLedger ledger,
    PriceTable prices,
    Func<UserApp, bool> acts,
    TimeProvider time,
    Func<double> random,
    ReconcilerTelemetry telemetry,
    ILogger<AppReconciler> logger)
{
    /// <summary>Before a row that could not be dug up is looked at again; the tiers' own loop tries, too, and says what is wrong.</summary>
    private static readonly TimeSpan StillBuried = TimeSpan.FromSeconds(15);

    /// <exception cref="LeadershipLostException">We may not act any more; whoever leads now will see to the user.</exception>
    /// <exception cref="StaleEpochException">The same, said by the database.</exception>
    /// <exception cref="StoreUnavailableException">The row could not be read or written.</exception>
    public async Task<ReconcileResult> ReconcileAsync(ReconcileRequest request, Leadership leadership, CancellationToken cancellationToken)
    {
        using var activity = telemetry.StartReconcile();
        var result = await ReconcileAsync(request, leadership, activity, cancellationToken);
        ReconcilerTelemetry.Ended(activity, result.Outcome.ToString(), result.Reason);
        if (result.Outcome == ReconcileOutcome.Blocked)
        {
            telemetry.Blocked(result.Reason);
        }

        return result;
    }

    private async Task<ReconcileResult> ReconcileAsync(
        ReconcileRequest request, Leadership leadership, Activity? activity, CancellationToken cancellationToken)
    {
        var user = await store.ReadUserAsync(request.UserId, cancellationToken);
        if (user is null)
        {
            ledger.Forget(request.UserId);
            return ReconcileResult.NoSuchUser;
        }

        activity?.SetTag("reconciler.tier", user.Tier);
        if (IsBuried(user) && acts(user))
        {
            // Nothing that is said of a buried row is kept, so whoever has come back is dug up before anything is done.
            await store.SyncTiersAsync(leadership.Token, cancellationToken);
            user = await store.ReadUserAsync(request.UserId, cancellationToken);
            if (user is null || IsBuried(user))
            {
                return new ReconcileResult(
                    ReconcileOutcome.Failed, StillBuried, true, Reasons.StoreUnavailable, "the user is back, and the row still says deleted");
            }
        }

        if (WaitsOut(user, request) is { } wait)
        {
            return wait;
        }

        var snapshot = await snapshots.BeginAsync(user, request.Forced, cancellationToken);
        if (HeldStatus.Hold(snapshot) is { } hold)
        {
            return await ReportHeldAsync(snapshot, hold, leadership);
        }

        try
        {
            using (telemetry.StartPhase("observe"))
            {
                snapshot = await snapshots.CompleteAsync(snapshot, request.Deep, cancellationToken);
            }
        }
        catch (FlyApiException exception)
        {
            return await ReportBlindAsync(snapshot, Failure.From(exception, "observe"), leadership);
        }

        var plan = Planner.Plan(snapshot);
        ledger.Planned(request.UserId, plan);
        if (!acts(user))
        {
            return OnlyTell(snapshot, Lookahead.Whole(snapshot, plan));
        }

        if (HeldPlan.Behind(snapshot) is { } held && await approvals.TryUseAsync(leadership, user.UserId, held.Hash, cancellationToken) is { } approval)
        {
            ReconcileLog.Approved(logger, user.AppName, user.UserId, held.Hash, UntrustedText.ForLog(approval.Owner), UntrustedText.ForLog(approval.Reason));
            (snapshot, plan) = (held.Snapshot, held.Plan);
        }

        var result = plan.Steps.Count == 0 ? null : await applier.ApplyAsync(snapshot, plan, leadership, cancellationToken);
        using (telemetry.StartPhase("report"))
        {
            return await ReportAsync(snapshot, plan, result, leadership);
        }
    }

    /// <summary>The subscription says that the user is back, and the row does not yet: the trigger missed it.</summary>
    private static bool IsBuried(UserApp user) => user is { Entitled: true, DeletedAt: not null, RowId: not null };

    /// <summary>A backoff that was written down is kept after a restart, too; the row itself says whether the wish is new, not the hint.</summary>
    private ReconcileResult? WaitsOut(UserApp user, ReconcileRequest request)
    {
        var due = user.NextAttemptAt is { } at ? new DateTimeOffset(at, TimeSpan.Zero) - time.GetUtcNow() : TimeSpan.Zero;
        return user.RetryCount > 0 && due > TimeSpan.Zero && !request.Forced && !request.IgnoreBackoff
            && user.Generation == user.ObservedGeneration
            ? new ReconcileResult(ReconcileOutcome.Failed, due, true, user.LastErrorClass ?? Reasons.FlyTransient, Text.Shorten(user.ErrorMessage ?? ""))
            : null;
    }

    private async Task<ReconcileResult> ReportAsync(Snapshot snapshot, Plan plan, ApplyResult? result, Leadership leadership)
    {
        var isOver = plan.Reason == Reasons.Deprovisioned && result?.Stop is null;
        snapshots.Orphans.Keep(snapshot.User, plan.Memory, isOver);
        var requeue = Requeue.Decide(snapshot.User, snapshot, plan, result, random());
        var status = StatusBuilder.Build(snapshot, plan, result, requeue, prices);
        var changed = await reporter.WriteAsync(status, leadership);
        var (reason, message) = ConditionBuilder.Headline(plan, result);
        var outcome = OutcomeOf(plan, result);
        ledger.Saw(snapshot, status, outcome == ReconcileOutcome.Converged);
        Log(snapshot, plan, result, requeue, changed, reason, message);
        return new ReconcileResult(outcome, requeue.After, requeue.IsBackoff, reason, Text.Shorten(message));
    }

    /// <summary>Fly could not be read: the row keeps what it last knew, and says since when and why it may be stale.</summary>
    private async Task<ReconcileResult> ReportBlindAsync(Snapshot snapshot, ApplyStop.Failed failure, Leadership leadership)
    {
        using var phase = telemetry.StartPhase("report");
        var attempts = snapshot.User.RetryCount + 1;
        var delay = Backoff.Delay(BackoffPolicy.For(failure.Class), attempts - 1, random());
        delay = failure.RetryAfter > delay ? failure.RetryAfter.Value : delay;
        telemetry.Errored(ReconcilerTelemetry.ClassOf(failure.Class));
        ReconcileLog.Failed(
            logger, snapshot.Desired.AppName, snapshot.Desired.UserId, failure.Step, attempts, delay, failure.Reason, Text.Shorten(failure.Message), failure.FlyRequestId);
        if (acts(snapshot.User))
        {
            await reporter.WriteAsync(BlindStatus.Build(snapshot, failure, attempts, delay), leadership);
        }

        return new ReconcileResult(ReconcileOutcome.Failed, delay, true, failure.Reason, Text.Shorten(failure.Message));
    }

    private async Task<ReconcileResult> ReportHeldAsync(Snapshot snapshot, string hold, Leadership leadership)
    {
        using var phase = telemetry.StartPhase("report");
        var status = HeldStatus.Build(snapshot, hold);
        var changed = acts(snapshot.User) && await reporter.WriteAsync(status, leadership);
        ledger.Saw(snapshot, status, converged: false);
        if (changed)
        {
            ReconcileLog.Changed(logger, snapshot.Desired.AppName, snapshot.Desired.UserId, nameof(Verdict.Blocked), Reasons.ShrinkTripwire, status.ErrorMessage!);
        }

        return new ReconcileResult(ReconcileOutcome.Blocked, HeldStatus.After(random()), false, Reasons.ShrinkTripwire, status.ErrorMessage!);
    }

    private ReconcileResult OnlyTell(Snapshot snapshot, Plan plan)
    {
        foreach (var step in plan.Steps)
        {
            ReconcileLog.WouldDo(logger, Text.Shorten(step.Describe()), snapshot.Desired.AppName, step.Reason);
            telemetry.StepTried(step.Kind, "observed");
        }

        // Nothing was done, so nothing is on its way: the next pass looks again.
        return plan.Verdict == Verdict.Settled
            ? new ReconcileResult(ReconcileOutcome.Converged, plan.RequeueAfter, false, plan.Reason, Text.Shorten(plan.Message))
            : new ReconcileResult(ReconcileOutcome.Blocked, null, false, plan.Reason, Text.Shorten(plan.Message));
    }

    private static ReconcileOutcome OutcomeOf(Plan plan, ApplyResult? result) => (result?.Stop, plan.Verdict) switch
    {
        (ApplyStop.Failed, _) => ReconcileOutcome.Failed,
        (ApplyStop.Guarded, _) or (_, Verdict.Blocked) => ReconcileOutcome.Blocked,
        (_, Verdict.Settled) => ReconcileOutcome.Converged,
        _ => ReconcileOutcome.Progressing,
    };

    private void Log(
        Snapshot snapshot, Plan plan, ApplyResult? result, Requeue requeue, bool changed, string reason, string message)
    {
        var desired = snapshot.Desired;
        if (result?.Stop is ApplyStop.Failed failed)
        {
            telemetry.Errored(ReconcilerTelemetry.ClassOf(failed.Class));
            ReconcileLog.Failed(
                logger, desired.AppName, desired.UserId, failed.Step, requeue.Attempts, requeue.After!.Value, reason, Text.Shorten(message), failed.FlyRequestId);
        }
        else if (changed)
        {
            ReconcileLog.Changed(logger, desired.AppName, desired.UserId, plan.Verdict.ToString(), reason, Text.Shorten(message));
        }
        else
        {
            ReconcileLog.Unchanged(logger, desired.AppName, desired.UserId, plan.Verdict.ToString(), reason);
        }
    }
}
