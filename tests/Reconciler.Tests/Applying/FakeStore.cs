using Reconciler.Tests.Planning;
using Reconciler.Tests.Reporting;
using Store;

namespace Reconciler.Tests.Applying;

/// <summary>The database for one user, in memory: what the reconcile of that user needs of it.</summary>
internal sealed class FakeStore(UserApp user, TimeProvider time) : IStore
{
    private readonly HashSet<string> _drawn = [];
    private readonly Dictionary<string, string> _fleet = [];

    public UserApp User { get; set; } = user;
    public int RowWrites { get; private set; }
    public List<EventWrite> Events { get; } = [];
    public int Draws => _drawn.Count;

    /// <summary>Of the whole fleet, for the guards.</summary>
    public Census Census { get; set; } = new(100, 100, 100);

    public Task<UserApp?> ReadUserAsync(Guid userId, CancellationToken cancellationToken) =>
        Task.FromResult<UserApp?>(User with { ReadAt = time.GetUtcNow().UtcDateTime });

    public Task<UserApp?> ReadUserUnderLeaseAsync(LeaseToken lease, Guid userId, CancellationToken cancellationToken) =>
        ReadUserAsync(userId, cancellationToken);

    public Task<bool> RenameAppAsync(LeaseToken lease, Guid userId, string oldName, string newName, CancellationToken cancellationToken)
    {
        User = User with { AppName = newName, MachineId = null };
        return Task.FromResult(true);
    }

    public Task RecordOwnershipAsync(
        LeaseToken lease, string appName, Guid userId, string orgSlug, OwnershipOrigin origin, CancellationToken cancellationToken)
    {
        User = User with { Ownership = new Ownership(appName, userId, origin, SnapshotBuilder.Start.UtcDateTime, null) };
        return Task.CompletedTask;
    }

    public Task ReleaseOwnershipAsync(LeaseToken lease, string appName, CancellationToken cancellationToken)
    {
        User = User with { Ownership = User.Ownership is { } owned ? owned with { ReleasedAt = SnapshotBuilder.Start.UtcDateTime } : null };
        return Task.CompletedTask;
    }

    public Task<bool> ElectMachineAsync(
        LeaseToken lease, Guid userId, string appName, string? expected, string? elected, CancellationToken cancellationToken)
    {
        var stands = User.MachineId == expected;
        User = stands ? User with { MachineId = elected } : User;
        return Task.FromResult(stands);
    }

    public Task OpenIntentAsync(LeaseToken lease, CreateIntent intent, CancellationToken cancellationToken)
    {
        User = User with { Intents = [.. User.Intents.Where(i => i.LaunchId != intent.LaunchId), intent with { CreatedAt = time.GetUtcNow().UtcDateTime }] };
        return Task.CompletedTask;
    }

    public Task CloseIntentAsync(LeaseToken lease, string launchId, CancellationToken cancellationToken)
    {
        User = User with { Intents = [.. User.Intents.Where(i => i.LaunchId != launchId)] };
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Guid>> WriteStatusesAsync(LeaseToken lease, IReadOnlyList<StatusWrite> writes, CancellationToken cancellationToken)
    {
        var after = writes[0].Read(User);
        var changed = after with { Intents = User.Intents } != User;
        RowWrites += changed ? 1 : 0;
        Events.AddRange(writes[0].Events);
        User = after;
        return Task.FromResult<IReadOnlyList<Guid>>(changed ? [User.UserId] : []);
    }

    public Task<Census> ReadCensusAsync(CancellationToken cancellationToken) => Task.FromResult(Census);

    public Task<string?> ReadFleetStateAsync(string key, CancellationToken cancellationToken) => Task.FromResult(_fleet.GetValueOrDefault(key));

    public Task WriteFleetStateAsync(LeaseToken lease, string key, string json, CancellationToken cancellationToken)
    {
        _fleet[key] = json;
        return Task.CompletedTask;
    }

    public Task<BudgetDraw> TryDrawDestroyAsync(LeaseToken lease, string subject, int limitPerHour, CancellationToken cancellationToken)
    {
        var granted = _drawn.Contains(subject) || _drawn.Count < limitPerHour;
        if (granted)
        {
            _drawn.Add(subject);
        }

        return Task.FromResult(new BudgetDraw(granted, _drawn.Count, null));
    }

    public Task<int> ReadDestroysLastHourAsync(CancellationToken cancellationToken) => Task.FromResult(_drawn.Count);

    public Task<IReadOnlyList<AppSummary>> ReadSummariesAsync(CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyList<UserApp>> ReadAllUsersAsync(CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyList<RowlessUser>> ReadRowlessUsersAsync(CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyDictionary<string, Guid>> FindUsersAsync(IReadOnlyCollection<string> idsOrAppNames, CancellationToken cancellationToken) =>
        throw Unused();

    public Task<IReadOnlyList<PendingUser>> ReadPendingAsync(CancellationToken cancellationToken) => throw Unused();

    /// <summary>Whether the database lets a buried row be dug up.</summary>
    public bool DigsUp { get; init; } = true;

    public Task<IReadOnlyList<Guid>> SyncTiersAsync(LeaseToken lease, CancellationToken cancellationToken)
    {
        User = DigsUp && User is { Entitled: true, DeletedAt: not null }
            ? User with { DeletedAt = null, Generation = User.Generation + 1, Status = "provisioning" }
            : User;
        return Task.FromResult<IReadOnlyList<Guid>>([]);
    }

    public Task WriteDefaultsAsync(LeaseToken lease, RowDefaults defaults, CancellationToken cancellationToken) => throw Unused();

    public Task<string> GetOrCreateFleetStateAsync(string key, string json, CancellationToken cancellationToken) => throw Unused();

    public Task<RolloutBoard> ReadRolloutAsync(string? revision, bool withUsers, CancellationToken cancellationToken) => throw Unused();

    public Task<RevisionRow?> ReadRevisionAsync(string id, CancellationToken cancellationToken) => throw Unused();

    public Task<bool> WriteRolloutAsync(LeaseToken lease, RolloutWrite write, CancellationToken cancellationToken) => throw Unused();

    public Task<long> AskRolloutAsync(RolloutAsk ask, CancellationToken cancellationToken) => throw Unused();

    public Task<string?> ReadRolloutAnswerAsync(long order, CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyList<RolloutEntry>> ReadRolloutHistoryAsync(int limit, CancellationToken cancellationToken) => throw Unused();

    private static InvalidOperationException Unused() => new("the reconcile of one user has no business with this call");
}
