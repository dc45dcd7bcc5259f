using System.Globalization;
using Npgsql;
using Store.Tests.Contract;

namespace Store.Tests.Differential;

/// <summary>Answers as text in which only what has to be equal is left.</summary>
internal static class Described
{
    public static string Error(Exception error) => error switch
    {
        PostgresException postgres => $"PostgresException {postgres.SqlState}",
        StatusRejectedException rejected => $"rejected {string.Join("; ", rejected.Rejected.OrderBy(static pair => pair.Key)
            .Select(static pair => $"{pair.Key}: {pair.Value}"))}; written {Ids(rejected.Written)}",
        StoreUnavailableException => nameof(StoreUnavailableException),
        _ => $"{error.GetType().Name} {error.Message}",
    };

    public static string Ids(IEnumerable<Guid> ids) => string.Join(", ", ids.Order());

    public static string User(Side side, UserApp? user) => user is null ? "nobody" : string.Create(CultureInfo.InvariantCulture, $"""
        {user.UserId} {side.Row(user.RowId)} {user.AppName} in {user.OrgSlug}: {user.Tier}, {user.Status}, {user.HealthStatus ?? "-"}, {user.Region}, {user.DockerImage}, {user.CpuCount}/{user.MemoryMb}, deployed {user.DeployedAt:O}, checked {user.LastHealthCheck:O}, error {user.ErrorMessage ?? "-"} {user.LastErrorClass ?? "-"}, retries {user.RetryCount}, next {side.Time(user.NextAttemptAt)}, cost {user.MonthlyCostUsd}, deleted {user.DeletedAt:O}, machine {user.MachineId ?? "-"}, generation {user.Generation}/{user.ObservedGeneration}, {user.Conditions}, {user.ControllerState}, {user.Fingerprint}, spec {user.Spec ?? "-"}, paused {user.Paused} {user.PauseOwner ?? "-"} {user.PauseReason ?? "-"} {side.Time(user.PausedUntil)}, {Owner(side, user.Ownership)}, former {string.Join(" ", user.FormerApps)}, intents {string.Join(" ", user.Intents.Select(i => i with { CreatedAt = default }))}
        """);

    public static async Task<string> EverythingAsync(Side side)
    {
        side.Now = await side.World.NowAsync();
        // All at once: one after the other they would be most of what a history takes.
        var (users, summaries) = (side.Store.ReadAllUsersAsync(default), side.Store.ReadSummariesAsync(default));
        var (pending, rowless) = (side.Store.ReadPendingAsync(default), side.Store.ReadRowlessUsersAsync(default));
        var (census, destroys) = (side.Store.ReadCensusAsync(default), side.Store.ReadDestroysLastHourAsync(default));
        var lease = await side.World.Leases.ReadAsync("diff", default);
        return string.Join('\n', [
            .. (await users).OrderBy(static user => user.AppName, StringComparer.Ordinal).ThenBy(static user => user.UserId)
                .Select(user => User(side, user)),
            .. (await summaries).OrderBy(static summary => summary.AppName, StringComparer.Ordinal).ThenBy(static summary => summary.UserId)
                .Select(static summary => summary.ToString()),
            "pending " + string.Join(' ', await pending),
            "rowless " + string.Join(' ', await rowless),
            (await census).ToString(),
            $"destroys {await destroys}",
            lease is null
                ? "no lease"
                : $"lease {lease.Holder} {lease.Epoch} {lease.Expired} until {side.Time(lease.ExpiresAt)}, renewed {side.Time(lease.RenewedAt)}",
        ]);
    }

    public static async Task<string> EventsAsync(Side side, IEnumerable<Guid> userIds)
    {
        var lines = new List<string>();
        foreach (var userId in userIds)
        {
            var user = await side.Store.ReadUserAsync(userId, default);
            IReadOnlyList<SeenEvent> events = user?.RowId is { } rowId ? await side.World.AppEventsAsync(rowId) : [];
            lines.Add($"{userId}: {string.Join(' ', events)}; {string.Join(' ', await side.World.JournalAsync(userId))}");
        }
        return string.Join('\n', lines);
    }

    private static string Owner(Side side, Ownership? ownership) => ownership is null
        ? "not owned"
        : $"{ownership.Origin} {side.Time(ownership.AcquiredAt)} released {side.Time(ownership.ReleasedAt)}";
}
