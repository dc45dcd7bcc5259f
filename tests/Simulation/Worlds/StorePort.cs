using Store;

namespace Simulation.Worlds;

/// <summary>The way of a process to the database: one method is one transaction, with latency, faults and crashes around it.</summary>
internal sealed class StorePort(Border border, IStore store, ILeaseStore leases) : IStore, ILeaseStore
{
    private static readonly TimeSpan SlowestLeg = TimeSpan.FromMilliseconds(6);
    private static readonly TimeSpan CommandTime = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan SlowCommit = TimeSpan.FromSeconds(3);
    private readonly Dictionary<(string, Guid), object?> _lastAnswers = [];
    private DateTimeOffset _lookedAtRollout;

    public Task<IReadOnlyList<AppSummary>> ReadSummariesAsync(CancellationToken cancellationToken) =>
        ReadAsync("ReadSummaries", default, store.ReadSummariesAsync, cancellationToken);

    public Task<UserApp?> ReadUserAsync(Guid userId, CancellationToken cancellationToken) =>
        ReadAsync("ReadUser", userId, c => store.ReadUserAsync(userId, c), cancellationToken);

    public Task<UserApp?> ReadUserUnderLeaseAsync(LeaseToken lease, Guid userId, CancellationToken cancellationToken) =>
        WriteAsync("ReadUserUnderLease", c => store.ReadUserUnderLeaseAsync(lease, userId, c), cancellationToken, isEffect: false);

    public Task<IReadOnlyList<UserApp>> ReadAllUsersAsync(CancellationToken cancellationToken) =>
        ReadAsync("ReadAllUsers", default, store.ReadAllUsersAsync, cancellationToken);

    public Task<IReadOnlyList<RowlessUser>> ReadRowlessUsersAsync(CancellationToken cancellationToken) =>
        ReadAsync("ReadRowlessUsers", default, store.ReadRowlessUsersAsync, cancellationToken);

    public Task<IReadOnlyDictionary<string, Guid>> FindUsersAsync(IReadOnlyCollection<string> idsOrAppNames, CancellationToken cancellationToken) =>
        ReadAsync("FindUsers", default, c => store.FindUsersAsync(idsOrAppNames, c), cancellationToken);

    public Task<IReadOnlyList<PendingUser>> ReadPendingAsync(CancellationToken cancellationToken) =>
        ReadAsync("ReadPending", default, store.ReadPendingAsync, cancellationToken);

    public Task<Census> ReadCensusAsync(CancellationToken cancellationToken) =>
        ReadAsync("ReadCensus", default, store.ReadCensusAsync, cancellationToken);

    public Task<string?> ReadFleetStateAsync(string key, CancellationToken cancellationToken) =>
        ReadAsync("ReadFleetState", default, c => store.ReadFleetStateAsync(key, c), cancellationToken);

    public Task<int> ReadDestroysLastHourAsync(CancellationToken cancellationToken) =>
        ReadAsync("ReadDestroysLastHour", default, store.ReadDestroysLastHourAsync, cancellationToken);

    public Task<RolloutBoard> ReadRolloutAsync(string? revision, bool withUsers, CancellationToken cancellationToken) =>
        ReadAsync(
            withUsers ? "ReadRolloutUsers" : "ReadRollout",
            default,
            c =>
            {
                _lookedAtRollout = border.World.Database.Now;
                return store.ReadRolloutAsync(revision, withUsers, c);
            },
            cancellationToken);

    public Task<RevisionRow?> ReadRevisionAsync(string id, CancellationToken cancellationToken) =>
        // No key for an old answer: a revision never changes in its content.
        ReadAsync("ReadRevision " + id, default, c => store.ReadRevisionAsync(id, c), cancellationToken);

    public Task<string?> ReadRolloutAnswerAsync(long order, CancellationToken cancellationToken) =>
        ReadAsync("ReadRolloutAnswer", default, c => store.ReadRolloutAnswerAsync(order, c), cancellationToken);

    public Task<IReadOnlyList<RolloutEntry>> ReadRolloutHistoryAsync(int limit, CancellationToken cancellationToken) =>
        ReadAsync("ReadRolloutHistory", default, c => store.ReadRolloutHistoryAsync(limit, c), cancellationToken);

    public Task<bool> WriteRolloutAsync(LeaseToken lease, RolloutWrite write, CancellationToken cancellationToken) =>
        WriteAsync(
            "WriteRollout",
            c =>
            {
                border.World.Database.RolloutLookedAt = _lookedAtRollout;
                return store.WriteRolloutAsync(lease, write, c);
            },
            cancellationToken);

    public Task<long> AskRolloutAsync(RolloutAsk ask, CancellationToken cancellationToken) =>
        WriteAsync("AskRollout", c => store.AskRolloutAsync(ask, c), cancellationToken);

    public Task<LeaseRow?> ReadAsync(string leaseName, CancellationToken cancellationToken) =>
        ReadAsync("ReadLease", default, c => leases.ReadAsync(leaseName, c), cancellationToken);

    public Task<IReadOnlyList<Guid>> SyncTiersAsync(LeaseToken lease, CancellationToken cancellationToken) =>
        WriteAsync("SyncTiers", c => store.SyncTiersAsync(lease, c), cancellationToken);

    public Task WriteDefaultsAsync(LeaseToken lease, RowDefaults defaults, CancellationToken cancellationToken) =>
        WriteAsync("WriteDefaults", c => store.WriteDefaultsAsync(lease, defaults, c), cancellationToken);

    public Task<bool> RenameAppAsync(LeaseToken lease, Guid userId, string oldName, string newName, CancellationToken cancellationToken) =>
        WriteAsync("RenameApp", c => store.RenameAppAsync(lease, userId, oldName, newName, c), cancellationToken);

    public Task RecordOwnershipAsync(
        LeaseToken lease, string appName, Guid userId, string orgSlug, OwnershipOrigin origin, CancellationToken cancellationToken) =>
        WriteAsync("RecordOwnership", c => store.RecordOwnershipAsync(lease, appName, userId, orgSlug, origin, c), cancellationToken);

    public Task ReleaseOwnershipAsync(LeaseToken lease, string appName, CancellationToken cancellationToken) =>
        WriteAsync("ReleaseOwnership", c => store.ReleaseOwnershipAsync(lease, appName, c), cancellationToken);

    public Task<bool> ElectMachineAsync(
        LeaseToken lease, Guid userId, string appName, string? expected, string? elected, CancellationToken cancellationToken) =>
        WriteAsync("ElectMachine", c => store.ElectMachineAsync(lease, userId, appName, expected, elected, c), cancellationToken);

    public Task OpenIntentAsync(LeaseToken lease, CreateIntent intent, CancellationToken cancellationToken) =>
        WriteAsync("OpenIntent", c => store.OpenIntentAsync(lease, intent, c), cancellationToken);

    public Task CloseIntentAsync(LeaseToken lease, string launchId, CancellationToken cancellationToken) =>
        WriteAsync("CloseIntent", c => store.CloseIntentAsync(lease, launchId, c), cancellationToken);

    public Task<IReadOnlyList<Guid>> WriteStatusesAsync(LeaseToken lease, IReadOnlyList<StatusWrite> writes, CancellationToken cancellationToken) =>
        WriteAsync("WriteStatuses", c => store.WriteStatusesAsync(lease, writes, c), cancellationToken);

    public Task WriteFleetStateAsync(LeaseToken lease, string key, string json, CancellationToken cancellationToken) =>
        WriteAsync("WriteFleetState", c => store.WriteFleetStateAsync(lease, key, json, c), cancellationToken);

    public Task<string> GetOrCreateFleetStateAsync(string key, string json, CancellationToken cancellationToken) =>
        WriteAsync("GetOrCreateFleetState", c => store.GetOrCreateFleetStateAsync(key, json, c), cancellationToken);

    public Task<BudgetDraw> TryDrawDestroyAsync(LeaseToken lease, string subject, int limitPerHour, CancellationToken cancellationToken) =>
        WriteAsync("TryDrawDestroy", c => store.TryDrawDestroyAsync(lease, subject, limitPerHour, c), cancellationToken);

    public Task<LeaseAttempt> TryAcquireAsync(string leaseName, string holder, TimeSpan ttl, CancellationToken cancellationToken) =>
        WriteAsync("TryAcquireLease", c => leases.TryAcquireAsync(leaseName, holder, ttl, c), cancellationToken, isEffect: false);

    public Task<bool> RenewAsync(LeaseToken token, TimeSpan ttl, CancellationToken cancellationToken) =>
        WriteAsync("RenewLease", c => leases.RenewAsync(token, ttl, c), cancellationToken, isEffect: false);

    public Task ReleaseAsync(LeaseToken token, CancellationToken cancellationToken) =>
        WriteAsync("ReleaseLease", c => leases.ReleaseAsync(token, c), cancellationToken, isEffect: false);

    private Task WriteAsync(string method, Func<CancellationToken, Task> run, CancellationToken cancellationToken, bool isEffect = true) =>
        WriteAsync(
            method,
            async c =>
            {
                await run(c);
                return true;
            },
            cancellationToken,
            isEffect);

    private async Task<T> ReadAsync<T>(string method, Guid key, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken)
    {
        if (!border.Node.Life.IsAlive)
        {
            return await Life.Never<T>();
        }

        var fault = Decide(new StoreSite(method, Writes: false));
        await GoAsync(method, fault, cancellationToken);
        if (fault == StoreFaultKind.Stale && _lastAnswers.TryGetValue((method, key), out var last))
        {
            border.World.StaleReadAt = border.World.Scheduler.Ticks;
            return (T)last!;
        }

        var answer = await run(CancellationToken.None);
        _lastAnswers[(method, key)] = answer;
        return await ComeBackAsync(method, fault, answer, cancellationToken);
    }

    private async Task<T> WriteAsync<T>(
        string method, Func<CancellationToken, Task<T>> run, CancellationToken cancellationToken, bool isEffect = true)
    {
        if (!border.Node.Life.IsAlive)
        {
            return await Life.Never<T>();
        }

        var fault = Decide(new StoreSite(method, Writes: true));
        var crash = isEffect ? border.World.Faults.OnEffect() : CrashPoint.None;
        if (border.DiesBefore(crash))
        {
            return await Life.Never<T>();
        }

        await GoAsync(method, fault, cancellationToken);
        T answer;
        try
        {
            answer = await run(CancellationToken.None);
        }
        catch (Exception problem) when (problem is StaleEpochException or StoreSchemaException or AppNameInUseException or StatusRejectedException)
        {
            border.World.Trace.Add(border.Node.Name, method, problem.GetType().Name);
            await border.LegAsync(SlowestLeg, CancellationToken.None);
            throw;
        }

        return border.DiesAfter(crash) ? await Life.Never<T>() : await ComeBackAsync(method, fault, answer, cancellationToken);
    }

    private StoreFaultKind? Decide(StoreSite site)
    {
        var fault = border.World.Faults.OnStore(site);
        if (fault is { } kind)
        {
            border.World.Coverage.Injected(StoreFaults.ClassOf(kind), $"{kind} @ {site.Method}");
        }

        return fault;
    }

    /// <summary>The way there; what is refused or hangs never arrives.</summary>
    private async Task GoAsync(string method, StoreFaultKind? fault, CancellationToken cancellationToken)
    {
        await border.LegAsync(SlowestLeg, cancellationToken);
        switch (fault)
        {
            case StoreFaultKind.Down or StoreFaultKind.Serialisation:
                throw Unavailable(method, fault.Value);
            case StoreFaultKind.Hang:
                await border.WaitAsync(CommandTime, cancellationToken);
                throw Unavailable(method, fault.Value);
            case StoreFaultKind.Slow:
                await border.WaitAsync(SlowCommit, cancellationToken);
                break;
        }

        if (border.World.DatabaseDown)
        {
            throw Unavailable(method, StoreFaultKind.Down);
        }
    }

    private async Task<T> ComeBackAsync<T>(string method, StoreFaultKind? fault, T answer, CancellationToken cancellationToken)
    {
        border.World.Trace.Add(border.Node.Name, method, fault?.ToString() ?? "");
        switch (fault)
        {
            case StoreFaultKind.ReplyLost:
                throw Unavailable(method, fault.Value);
            case StoreFaultKind.HangAfter:
                await border.WaitAsync(CommandTime, cancellationToken);
                throw Unavailable(method, fault.Value);
        }

        await border.LegAsync(SlowestLeg, cancellationToken);
        return answer;
    }

    private StoreUnavailableException Unavailable(string method, StoreFaultKind kind)
    {
        border.World.Trace.Add(border.Node.Name, method, kind.ToString());
        return new StoreUnavailableException(method, $"simulated: {kind}");
    }
}
