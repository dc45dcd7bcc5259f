namespace StoreModel;

/// <summary>
/// The database as the controller and the host application see it, in memory. Each call is one transaction and is done when it
/// returns. The same calls, times and ids give the same rows, answers and notifications. One thread at a time.
/// </summary>
public sealed class StoreModelDatabase
{
    private readonly TimeProvider _time;
    private readonly Func<Guid> _ids;
    private readonly AppWrites _apps;
    private readonly List<ModelChangeFeed> _feeds = [];

    /// <param name="time">The database's clock.</param>
    /// <param name="ids">Gives the ids of new rows and events.</param>
    public StoreModelDatabase(TimeProvider time, Func<Guid> ids)
    {
        _time = time;
        _ids = ids;
        _apps = new AppWrites(Tables);
        Tiers = new TierFollowing(Tables, _apps, ids);
        Store = new ModelStore(this);
        Leases = new ModelLeaseStore(this);
        Application = new HostApplication(this);
        // The migration has run, and found no rows to inherit.
        Tables.Fleet.Put(new FleetRow("ownership-inherited", Jsonb.Text($"\"{Now:yyyy-MM-ddTHH:mm:ss.FFFFFF}+00:00\"")));
    }

    /// <summary>The port for any number of clients.</summary>
    public IStore Store { get; }

    /// <summary>The leader's lease.</summary>
    public ILeaseStore Leases { get; }

    /// <summary>The host application's side, and an operator's.</summary>
    public HostApplication Application { get; }

    /// <summary>The database's clock, in its own precision.</summary>
    public DateTime Now => PgTime.Stored(_time.GetUtcNow().UtcDateTime);

    /// <summary>Called after each committed write and its notifications. It may read everything and write again; what it throws would
    /// reach the writer as if it were the database's answer, so a checker had better remember its finding.</summary>
    public event Action<StoreCommit>? Committed;

    /// <summary>How many transactions were committed.</summary>
    public long Commits { get; private set; }

    public IReadOnlyList<AccountRow> Accounts => Tables.Accounts;

    public IReadOnlyList<SubscriptionRow> Subscriptions => Tables.Subscriptions;

    /// <summary>By user id.</summary>
    public IReadOnlyList<AppRow> Apps => Tables.Apps;

    /// <summary>By app name; released records included.</summary>
    public IReadOnlyList<OwnershipRow> Ownership => Tables.Ownership;

    public IReadOnlyList<CreateIntent> Intents => Tables.Intents;

    /// <summary>The host's audit log, in the order of writing.</summary>
    public IReadOnlyList<EventRow> AppEvents => Tables.AppEvents;

    /// <summary>Our own journal of apps without a row, in the order of writing.</summary>
    public IReadOnlyList<EventRow> Journal => Tables.Journal;

    public IReadOnlyList<FleetRow> Fleet => Tables.Fleet;

    public IReadOnlyList<DestroyRow> Destroys => Tables.Destroys;

    public IReadOnlyList<LeaseRecord> LeaseRows => Tables.Leases;

    /// <summary>Where the rollout stands; null before the first revision.</summary>
    public RolloutRow? Rollout => Tables.Rollout.Find(RolloutRow.Key);

    public IReadOnlyList<RolloutMark> RolloutUsers => Tables.RolloutUsers;

    public IReadOnlyList<RevisionRow> Revisions => Tables.Revisions;

    public IReadOnlyList<RolloutEntry> RolloutHistory => Tables.RolloutHistory;

    public RowDefaults Defaults => Tables.Settings.Defaults;

    internal Tables Tables { get; } = new();

    internal TierFollowing Tiers { get; }

    internal AppWrites AppWrites => _apps;

    public AppRow? FindApp(Guid userId) => Tables.Apps.Find(userId);

    public OwnershipRow? FindOwnership(string appName) => Tables.Ownership.Find(appName);

    public LeaseRecord? FindLease(string name) => Tables.Leases.Find(name);

    /// <summary>Who is entitled to a machine now, whatever the row says: <c>pro</c>, <c>elite</c> or <c>free</c>.</summary>
    public string EffectiveTier(Guid userId) => TierFollowing.EffectiveTier(Tables.Subscriptions.Find(userId), Now);

    /// <summary>A connection of one more client. It listens while it is watched.</summary>
    /// <param name="throughPooler">Notifications never reach this client.</param>
    /// <param name="reconnectDelay">Between a connection and the next; half a second if not given.</param>
    public ModelChangeFeed OpenFeed(bool throughPooler = false, TimeSpan? reconnectDelay = null)
    {
        var feed = new ModelChangeFeed(_time)
        {
            ThroughPooler = throughPooler, ReconnectDelay = reconnectDelay ?? TimeSpan.FromMilliseconds(500),
        };
        _feeds.Add(feed);
        return feed;
    }

    /// <summary>Takes the client's connection away for good, as when its process dies.</summary>
    public void CloseFeed(ModelChangeFeed feed)
    {
        feed.Disconnect();
        _feeds.Remove(feed);
    }

    /// <summary>The rows as they are now. Costs nothing until the next write.</summary>
    public StoreSnapshot Snapshot() => Tables.Take();

    /// <summary>A failover to a replica that was behind: what was committed since is lost, and every listener is disconnected.
    /// A snapshot may be restored any number of times. Hidden subscriptions, forbidden rows and the count of commits stay.</summary>
    public void Restore(StoreSnapshot snapshot)
    {
        Tables.Restore(snapshot);
        foreach (var feed in _feeds.ToArray())
            feed.Disconnect();
        Committed?.Invoke(new StoreCommit(++Commits, nameof(Restore), null, [], Changed: true));
    }

    /// <summary>Every text that is stored anywhere, with where it is.</summary>
    public IEnumerable<StoredText> Texts() => StoredTexts.Of(Tables);

    internal Guid NewId() => _ids();

    /// <summary>Runs one transaction. It either throws and has changed nothing, or is committed, notified and told.</summary>
    /// <remarks>Bodies find out what may be refused before their first write.</remarks>
    internal T Commit<T>(string operation, LeaseToken? lease, Func<Transaction, T> body)
    {
        var transaction = new Transaction(Now);
        var writes = Tables.Writes;
        var settings = Tables.Settings;
        if (lease is not null)
            Fence(lease);
        var answer = body(transaction);

        var changed = Tables.Writes != writes || !ReferenceEquals(settings, Tables.Settings);
        Commits++;
        foreach (var hint in transaction.Hints)
        {
            for (var i = 0; i < _feeds.Count; i++)
                _feeds[i].Receive(hint);
        }
        Committed?.Invoke(new StoreCommit(Commits, operation, lease, transaction.Users, changed));
        return answer;
    }

    private void Fence(LeaseToken lease)
    {
        // An expired lease that nobody took still writes: only a takeover makes a token stale.
        if (Tables.Leases.Find(lease.LeaseName) is not { } row || row.Holder != lease.Holder || row.Epoch != lease.Epoch)
            throw new StaleEpochException(lease);
    }
}
