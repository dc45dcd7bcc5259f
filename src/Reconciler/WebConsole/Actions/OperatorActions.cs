using System.Globalization;
using System.Text.Json;
using Reconciler.Guarding;
using Reconciler.Queueing;
using Reconciler.Telemetry;
using Reconciler.Texts;
using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Users;
using Store;

namespace Reconciler.WebConsole.Actions;

/// <summary>How an action ended, in words for the operator.</summary>
internal sealed record ActionResult(bool Done, string Message);

/// <summary>
/// Does what an operator asks, and writes down who and why. Each is a wish: the controller's own loop does the rest, with every rule
/// that it always has.
/// </summary>
internal sealed class OperatorActions(ConsoleSource source, FleetReader fleet, TimeProvider time, ILogger<OperatorActions> logger)
{
    private static readonly ActionResult NotConnected = new(false, "The daemon is not connected to the database yet.");
    private static readonly ActionResult StandingBy = new(false, "This process stands by; ask the one that leads.");
    private static readonly ActionResult NoUser = new(false, "There is no such user any more.");

    public Task<ActionResult> ForceAsync(ActionForm form, CancellationToken cancellationToken) => DoAsync("force", form, async parts =>
    {
        if (parts.Queue() is not { } queue)
        {
            return StandingBy;
        }

        await parts.Rows.RecordActionAsync(Record("force", form, ""), cancellationToken);
        if (form.User is { } user)
        {
            queue.Add(user, Priority.User, AddKind.Force);
            return new ActionResult(true, "Forced: looked at now, backoff and rejected specs passed over.");
        }

        var users = (await parts.Store.ReadSummariesAsync(cancellationToken)).Where(s => !s.Former && (s.Live || s.Run)).ToList();
        users.ForEach(s => queue.Add(s.UserId, Priority.User, AddKind.Force));
        return new ActionResult(true, $"Forced {users.Count} users.");
    });

    public Task<ActionResult> PauseAsync(ActionForm form, CancellationToken cancellationToken) => DoAsync("pause", form, async parts =>
    {
        var until = form.PauseFor is { } length ? time.GetUtcNow().UtcDateTime + length : (DateTime?)null;
        return form.User is null || !await parts.Rows.PauseAsync(Record("pause", form, ""), until, cancellationToken)
            ? NoUser
            : new ActionResult(true, until is { } end ? $"Paused until {end:yyyy-MM-dd HH:mm:ss} UTC." : "Paused until somebody ends the pause.");
    });

    public Task<ActionResult> UnpauseAsync(ActionForm form, CancellationToken cancellationToken) => DoAsync("unpause", form, async parts =>
        form.User is null || !await parts.Rows.UnpauseAsync(Record("unpause", form, ""), cancellationToken)
            ? NoUser
            : new ActionResult(true, "The pause has ended."));

    public Task<ActionResult> ReleaseHoldAsync(ActionForm form, CancellationToken cancellationToken) => DoAsync("release-hold", form, async parts =>
    {
        var json = await parts.Store.ReadFleetStateAsync(FleetGuard.HistoryKey, cancellationToken);
        var history = CensusHistory.Read(json, time.GetUtcNow(), out var repaired);
        if (repaired || history.ReleaseKey is not { } key)
        {
            return new ActionResult(false, repaired ? "The guard's memory is being repaired; try again in some seconds." : "Nothing is held.");
        }

        var release = new HoldRelease(form.Owner, form.Reason, time.GetUtcNow());
        await parts.Store.GetOrCreateFleetStateAsync(key, JsonSerializer.Serialize(release, GuardJson.Default.HoldRelease), cancellationToken);
        await parts.Rows.RecordActionAsync(Record("release-hold", form, key), cancellationToken);
        return new ActionResult(true, "The hold is released.");
    });

    /// <summary>Leaves an order for the leader, whichever process that is; the rollout's history tells what became of it.</summary>
    public Task<ActionResult> RolloutAsync(string kind, ActionForm form, CancellationToken cancellationToken) => DoAsync("rollout-" + kind, form, async parts =>
    {
        var until = kind == "pause" && form.PauseFor is { } length ? time.GetUtcNow().UtcDateTime + length : (DateTime?)null;
        var order = await parts.Store.AskRolloutAsync(new RolloutAsk(kind, form.Owner, form.Reason, until), cancellationToken);
        await parts.Rows.RecordActionAsync(Record("rollout-" + kind, form, order.ToString(CultureInfo.InvariantCulture)), cancellationToken);
        return new ActionResult(true, "Asked for; the leader answers within seconds, and the history tells what became of it.");
    });

    /// <summary>Approves the plan that is there now, if it is the one that the operator saw.</summary>
    public Task<ActionResult> ApproveAsync(ActionForm form, CancellationToken cancellationToken) => DoAsync("approve-destroy", form, async parts =>
    {
        if (parts.Leadership() is not { CanAct: true } leadership || parts.Queue() is not { } queue)
        {
            return StandingBy;
        }

        if (form.User is not { } id || await parts.Store.ReadUserAsync(id, cancellationToken) is not { } user)
        {
            return NoUser;
        }

        var held = await UserReader.HeldAsync(parts, user, cancellationToken);
        if (held is null || held.Hash != form.PlanHash)
        {
            return new ActionResult(false, "The plan has changed since it was shown, so it is not approved: look at it again.");
        }

        await parts.Rows.RecordActionAsync(Record("approve-destroy", form, held.Hash), cancellationToken);
        await parts.Approvals.ApproveAsync(leadership, id, held.Hash, form.Owner, form.Reason, cancellationToken);
        queue.Add(id, Priority.User, AddKind.Force);
        return new ActionResult(true, $"Plan {held.Hash} is approved, once, for ten minutes.");
    });

    private async Task<ActionResult> DoAsync(string action, ActionForm form, Func<ConsoleParts, Task<ActionResult>> body)
    {
        if (source.Parts is not { } parts)
        {
            return NotConnected;
        }

        ActionResult result;
        try
        {
            result = await body(parts);
        }
        catch (StaleEpochException)
        {
            result = StandingBy;
        }

        ConsoleLog.Action(
            logger, action, form.User?.ToString() ?? "everybody", UntrustedText.ForLog(form.Owner), UntrustedText.ForLog(form.Reason), result.Message);
        fleet.Forget();
        return result;
    }

    private static OperatorAction Record(string action, ActionForm form, string detail) =>
        new(default, action, form.User, form.Owner, form.Reason, detail);
}
