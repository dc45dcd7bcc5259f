using Reconciler.Reconciling;
using Reconciler.Reporting;
using Reconciler.WebConsole.Fleet;
using Store;

namespace Reconciler.WebConsole.Users;

/// <summary>Reads one user's page. Fly is asked seldom, however often the page is looked at: a look costs calls of everybody's budget.</summary>
internal sealed class UserReader(ConsoleSource source, FleetReader fleet, TimeProvider time)
{
    private const int Events = 60;
    private const int MaxKept = 64;
    private static readonly TimeSpan PlanAge = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Kept> _kept = [];

    private sealed record Kept(DateTimeOffset At, long Generation, string Conditions, PlanPreview Preview);

    /// <param name="key">A user id or an app name, as a person writes it.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when nobody is called so.</returns>
    public async Task<Guid?> FindAsync(string key, CancellationToken cancellationToken)
    {
        if (source.Parts is not { } parts || key.Length is 0 or > 200)
        {
            return null;
        }

        var found = await parts.Store.FindUsersAsync([key], cancellationToken);
        return found.TryGetValue(key, out var id) ? id : null;
    }

    public async Task<UserState?> ReadAsync(Guid id, CancellationToken cancellationToken)
    {
        if (source.Parts is not { } parts || await parts.Store.ReadUserAsync(id, cancellationToken) is not { } user)
        {
            return null;
        }

        var state = await fleet.ReadAsync(cancellationToken);
        var row = state?.Rows.FirstOrDefault(r => r.UserId == id) ?? RowOf(user);
        var kept = await PreviewAsync(parts, user, cancellationToken);
        var kind = FleetClassifier.KindOf(row);
        return new UserState
        {
            User = user,
            Kind = kind,
            Now = FleetSummary.Describe(row, kind, state?.IsLed ?? false),
            Preview = kept.Preview,
            PlannedAt = kept.At,
            Held = kept.Preview.Plan is null ? null : HeldPlan.Behind(kept.Preview.Snapshot),
            Fields = Comparison.Of(kept.Preview.Snapshot, kept.Preview.Plan),
            Conditions = ReportJson.ReadConditions(user.Conditions),
            Events = await parts.Rows.ReadEventsAsync(id, "", Events, cancellationToken),
            HealthEvents = await parts.Rows.ReadEventsAsync(id, "health_check_", Events, cancellationToken),
            Actions = await parts.Rows.ReadActionsAsync(id, 20, cancellationToken),
        };
    }

    /// <summary>What a guard holds back for the user, looked at afresh: an approval is of what is there now.</summary>
    public static async Task<HeldPlan?> HeldAsync(ConsoleParts parts, UserApp user, CancellationToken cancellationToken)
    {
        var preview = await PlanPreview.OfAsync(parts.Snapshots, user, cancellationToken);
        return preview.Plan is null ? null : HeldPlan.Behind(preview.Snapshot);
    }

    private async Task<Kept> PreviewAsync(ConsoleParts parts, UserApp user, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        lock (_gate)
        {
            if (_kept.TryGetValue(user.UserId, out var known) && now - known.At < PlanAge && known.Generation == user.Generation
                && known.Conditions == user.Conditions)
            {
                return known;
            }
        }

        var fresh = new Kept(now, user.Generation, user.Conditions, await PlanPreview.OfAsync(parts.Snapshots, user, cancellationToken));
        lock (_gate)
        {
            if (_kept.Count >= MaxKept)
            {
                _kept.Clear();
            }

            _kept[user.UserId] = fresh;
        }

        return fresh;
    }

    /// <summary>For a user who is not in the fleet's picture any more, because the app is gone.</summary>
    private static FleetRow RowOf(UserApp user) => new()
    {
        UserId = user.UserId,
        AppName = user.AppName,
        Tier = user.Tier,
        Status = user.Status,
        Live = user.DeletedAt is null,
        Observed = user.Generation == user.ObservedGeneration,
        Paused = user.Paused,
        PauseOwner = user.PauseOwner,
        PauseReason = user.PauseReason,
        PausedUntil = user.PausedUntil,
        Error = user.ErrorMessage,
        Retries = user.RetryCount,
        NextAttemptAt = user.NextAttemptAt,
    };
}
