using System.Globalization;
using Microsoft.Extensions.Time.Testing;
using StoreModel;

namespace Store.Tests.Contract;

/// <summary>The model. Its clock ticks a little with each look at it, as clocks do.</summary>
public sealed class ModelWorld : World
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero))
    {
        AutoAdvanceAmount = TimeSpan.FromMilliseconds(1),
    };

    private readonly Dictionary<AppRow, int> _versions = new(ReferenceEqualityComparer.Instance);
    private int _lastId;

    public ModelWorld() => Database = new StoreModelDatabase(_time, NextId);

    public StoreModelDatabase Database { get; }

    public override IStore Store => Database.Store;

    public override ILeaseStore Leases => Database.Leases;

    private HostApplication Application => Database.Application;

    public override Task<DateTime> NowAsync() => Task.FromResult(Database.Now);

    public override Task PassAsync(TimeSpan span) => Done(() => _time.Advance(span));

    public override Task<IChangeFeed> OpenFeedAsync() => Task.FromResult<IChangeFeed>(Database.OpenFeed());

    public override Task<Guid> CreateUserAsync(string tier = "free", string status = "active", DateTime? expiresAt = null, Guid? id = null) =>
        Task.FromResult(Application.CreateUser(tier, status, expiresAt, id));

    public override Task CreateAccountAsync(Guid userId) => Done(() => Application.CreateAccount(userId));

    public override Task SetTierAsync(Guid userId, string tier) => Done(() => Application.SetTier(userId, tier));

    public override Task SetStatusAsync(Guid userId, string status) => Done(() => Application.SetStatus(userId, status));

    public override Task SetExpiryAsync(Guid userId, DateTime? expiresAt) => Done(() => Application.SetExpiry(userId, expiresAt));

    public override Task MoveSubscriptionAsync(Guid userId, Guid? to) => Done(() => Application.MoveSubscription(userId, to));

    public override Task DeleteSubscriptionAsync(Guid userId) => Done(() => Application.DeleteSubscription(userId));

    public override Task LoseSubscriptionsAsync() => Done(Application.LoseSubscriptions);

    public override Task DeleteUserAsync(Guid userId) => Done(() => Application.DeleteUser(userId));

    public override Task EnableTriggerAsync(bool enabled) => Done(() => Application.TriggerEnabled = enabled);

    public override Task<Guid> PlantRowAsync(
        Guid userId, string appName, string status = "active", DateTime? deletedAt = null, bool inherited = false) =>
        Task.FromResult(Application.PlantRow(userId, appName, status, deletedAt, inherited));

    public override Task SetSpecAsync(Guid userId, string? json) => Done(() => Application.SetSpec(userId, json));

    public override Task<bool> PauseAsync(Guid userId, string owner, string reason, DateTime? until = null) =>
        Task.FromResult(Application.Pause(userId, owner, reason, until));

    public override Task<bool> UnpauseAsync(Guid userId) => Task.FromResult(Application.Unpause(userId));

    public override Task<bool> ForceAsync(Guid userId) => Task.FromResult(Application.Force(userId));

    public override Task EditRowAsync(Guid userId, string column, object? value) => Done(() => Application.EditRow(userId, row => column switch
    {
        "status" => row with { Status = (string)value! },
        "health_status" => row with { HealthStatus = (string?)value },
        "deleted_at" => row with { DeletedAt = (DateTime?)value },
        "machine_id" => row with { MachineId = (string?)value },
        "fly_app_name" => row with { AppName = (string)value! },
        "tier" => row with { Tier = (string)value! },
        "generation" => row with { Generation = (long)value! },
        "observed_generation" => row with { ObservedGeneration = (long)value! },
        "next_attempt_at" => row with { NextAttemptAt = (DateTime?)value },
        "retry_count" => row with { RetryCount = (int?)value },
        "pause_reason" => row with { PauseReason = (string?)value },
        "region" => row with { Region = (string)value! },
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, null),
    }));

    public override Task ForbidRowAsync(Guid userId) => Done(() => Application.ForbidRow(userId));

    public override Task<string?> RowTierAsync(Guid userId) => Task.FromResult(Database.FindApp(userId)?.Tier);

    public override Task<string> RowVersionAsync(Guid userId)
    {
        var row = Database.FindApp(userId)!;
        _versions.TryAdd(row, _versions.Count);
        return Task.FromResult(_versions[row].ToString(CultureInfo.InvariantCulture));
    }

    public override Task<IReadOnlyList<SeenEvent>> AppEventsAsync(Guid rowId) => Seen(Database.AppEvents.Where(line => line.RowId == rowId));

    public override Task<IReadOnlyList<SeenEvent>> JournalAsync(Guid userId) => Seen(Database.Journal.Where(line => line.UserId == userId));

    public override Task<string> DumpAsync() => Task.FromResult(string.Join(
        '\n',
        ((IEnumerable<object>)[
            .. Database.Accounts, .. Database.Subscriptions, .. Database.Apps, .. Database.AppEvents, .. Database.Ownership,
            .. Database.Intents, .. Database.Fleet, .. Database.Destroys, .. Database.Journal, Database.Defaults]).Select(static row => row.ToString())));

    private static Task<IReadOnlyList<SeenEvent>> Seen(IEnumerable<EventRow> lines) => Task.FromResult<IReadOnlyList<SeenEvent>>(
        [.. lines.OrderBy(static line => line.CreatedAt)
            .Select(static line => new SeenEvent(line.Type, line.Status, line.Metadata, line.ErrorDetails))]);

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private Guid NextId() => new(++_lastId, 0x1111, 0x4111, [0x81, 1, 1, 1, 1, 1, 1, 1]);
}
