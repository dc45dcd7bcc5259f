using System.Text.Json;
using Reconciler.Guarding;
using Simulation.Invariants;
using Store;
using StoreModel;

namespace Simulation.Worlds;

/// <summary>The model of the database as the simulation uses it: the host application's side, and what happens to a server.</summary>
internal sealed class DatabaseModel
{
    private const string NamePrefix = "vyx-user-";

    /// <summary>How far back a failover goes: what the replica had not yet got.</summary>
    private static readonly TimeSpan ReplicaLag = TimeSpan.FromSeconds(2);

    private readonly SimWorld _world;
    private readonly StoreModelDatabase _database;
    private readonly RowWatch _rows;
    private readonly RolloutWatch _rollouts;
    private readonly SimRandom _random;
    private readonly Dictionary<Incarnation, ModelChangeFeed> _feeds = [];
    private readonly Dictionary<Guid, long> _entitledSince = [];
    private (StoreSnapshot Snapshot, long At)? _replica;
    private long? _failedOver;
    private double _notificationTrouble;
    private bool _isMute;
    private bool _wasStuck;

    public DatabaseModel(SimWorld world, TimeSpan clockOffset, double notificationTrouble)
    {
        _world = world;
        _random = SimRandom.Named(world.Seed, "database");
        _notificationTrouble = notificationTrouble;
        _database = new StoreModelDatabase(new WorldClock(world.Scheduler) { Offset = clockOffset }, _random.NextGuid);
        _rows = new RowWatch(world, _database);
        _rollouts = new RolloutWatch(world, _database);
        _database.Committed += Committed;

        // Made once per fleet and random; here the same in every run.
        _database.Store.GetOrCreateFleetStateAsync("digest-key", $"\"{Convert.ToBase64String(new byte[32])}\"", CancellationToken.None).GetAwaiter().GetResult();
    }

    /// <summary>The host's side as it is, for what is done to a whole fleet at once.</summary>
    public HostApplication Application => _database.Application;

    public IReadOnlyList<SubscriptionRow> Subscriptions => _database.Subscriptions;

    public IReadOnlyList<AppRow> Rows => _database.Apps;

    public DateTime Now => _database.Now;

    /// <summary>What the tripwire holds for, as an operator reads it.</summary>
    public string? Hold => _database.Fleet.FirstOrDefault(f => f.Key == FleetGuard.HistoryKey)?.Json is { } json
        ? JsonSerializer.Deserialize(json, GuardJson.Default.CensusHistory)?.Hold
        : null;

    public IStore Store => _database.Store;

    public ILeaseStore Leases => _database.Leases;

    public bool TriggerIsOn
    {
        get => _database.Application.TriggerEnabled;
        set => _database.Application.TriggerEnabled = value;
    }

    /// <summary>Rows changed by the controller so far.</summary>
    public long RowWrites { get; private set; }

    public bool HasFailedOver => _failedOver is not null;

    /// <summary>What was granted or recorded in the last moments before a failover is gone, and whoever had it cannot know.</summary>
    public bool HasJustFailedOver => _failedOver is { } at && _world.Scheduler.Ticks - at < TimeSpan.FromMinutes(1).Ticks;

    /// <summary>An app of whose making a failover has lost every record is not ours to take away: nothing says that it is ours.</summary>
    public bool IsForgotten(string app) => _failedOver is not null && _database.FindOwnership(app) is not { ReleasedAt: null };

    /// <summary>Whether nothing in the database leads to the app any more: a failover took its record, and then somebody its name out of
    /// the row, before it could be recorded again.</summary>
    public bool IsLost(string app) => IsForgotten(app) && Users().All(u => u.AppName != app);

    public string LastWrite { get; private set; } = "(nothing)";

    /// <summary>When the rows were read by which the step of a rollout that is being written was decided.</summary>
    public DateTimeOffset RolloutLookedAt { get; set; }

    /// <summary>The most apps that were ours at once: what the budget's share is counted of.</summary>
    public int MostOwned { get; private set; }

    // ---- The connections of processes ----------------------------------------------------------------------------

    public IChangeFeed FeedOf(Incarnation node)
    {
        var feed = _database.OpenFeed();
        feed.Fate = _ => Fate();
        _feeds[node] = feed;
        return feed;
    }

    public void Disconnect(Incarnation node)
    {
        if (_feeds.Remove(node, out var feed))
        {
            _database.CloseFeed(feed);
        }
    }

    /// <summary>From now on no notification arrives, and no connection shows it.</summary>
    public void LoseEveryNotification() => _isMute = true;

    public void LoseListeners()
    {
        foreach (var feed in _feeds.Values)
        {
            feed.Disconnect();
        }
    }

    /// <summary>The server dies, and a replica takes over that has not seen the last moments.</summary>
    public void FailOver()
    {
        if (_replica is not { } replica)
        {
            return;
        }

        _world.Trace.Add("database", "fails over to an older state");
        var draws = _database.Destroys.Count;
        _failedOver = _world.Scheduler.Ticks;
        _rows.Forget();
        _database.Restore(replica.Snapshot);
        _rollouts.Forget();
        _world.Watch.ForgottenDraws += Math.Max(0, draws - _database.Destroys.Count);
    }

    public void Calm()
    {
        _notificationTrouble = 0;
        _isMute = false;
        TriggerIsOn = true;
        foreach (var row in _database.Apps.Where(r => r.Paused).ToList())
        {
            _database.Application.Unpause(row.UserId);
        }

        ReleaseHold();
    }

    // ---- The host application's side -----------------------------------------------------------------------------

    public Guid SignUp() => _database.Application.CreateUser();

    public void SetTier(Guid user, string tier) => Change(user, () => _database.Application.SetTier(user, tier));

    public void SetStatus(Guid user, string status) => Change(user, () => _database.Application.SetStatus(user, status));

    public void SetExpiry(Guid user, TimeSpan? fromNow) => Change(user, () => _database.Application.SetExpiry(user, _database.Now + fromNow));

    public void DeleteUser(Guid user) => Change(user, () => _database.Application.DeleteUser(user));

    public void SetSpec(Guid user, string? json)
    {
        try
        {
            _database.Application.SetSpec(user, json);
        }
        catch (Exception refused) when (refused is Npgsql.PostgresException or ArgumentException)
        {
            _world.Trace.Add("database", "refuses the override"); // what is not JSON never gets into the column
        }
    }

    public string? OverrideOf(Guid user) => _database.FindApp(user)?.Spec;

    public void SetPaused(Guid user, bool paused)
    {
        if (paused)
        {
            _database.Application.Pause(user, "operator", "looking into it");
        }
        else
        {
            _database.Application.Unpause(user);
        }
    }

    /// <summary>A row as it stood before the migration, naming an app that exists.</summary>
    public void PlantRow(Guid user, string app) => _database.Application.PlantRow(user, app);

    /// <summary>A migration gone wrong: everybody is on the free tier.</summary>
    /// <returns>What they had.</returns>
    public IReadOnlyList<(Guid User, string Tier)> LoseAllTiers(int keepOneIn = int.MaxValue)
    {
        var lost = _database.Subscriptions.Where((s, n) => s.Tier is "pro" or "elite" && n % keepOneIn != keepOneIn - 1)
            .Select(s => (s.UserId, s.Tier!)).ToList();
        _world.Trace.Add("people", $"{lost.Count} users lose their tier by mistake");
        foreach (var (user, _) in lost)
        {
            SetTier(user, "free");
        }

        return lost;
    }

    public void GiveBackTiers(IReadOnlyList<(Guid User, string Tier)> lost)
    {
        foreach (var (user, tier) in lost)
        {
            if (_database.Accounts.Any(a => a.UserId == user))
            {
                SetTier(user, tier);
            }
        }
    }

    /// <summary>An operator confirms what the tripwire holds.</summary>
    public void ReleaseHold()
    {
        var json = _database.Fleet.FirstOrDefault(f => f.Key == FleetGuard.HistoryKey)?.Json;
        if (json is not null && JsonSerializer.Deserialize(json, GuardJson.Default.CensusHistory)?.ReleaseKey is { } key)
        {
            _world.Trace.Add("people", "an operator releases the hold");
            _database.Application.ReleaseHold(key, """{"owner":"operator","reason":"it is right","at":"2026-03-01T12:00:00+00:00"}""");
        }
    }

    /// <summary>An operator looks at the rollout: what was found bad while things went wrong gets another try, and nobody waits for soaks.</summary>
    public void SeeToRollout()
    {
        if (_database.Rollout is not { } rollout)
        {
            return;
        }

        var isStuck = rollout.State.Contains("\"RevertFailed\"", StringComparison.Ordinal);
        var ask = isStuck && _wasStuck ? "promote" // no way back
            : isStuck || rollout.State.Contains("is bad", StringComparison.Ordinal) ? "retry"
            : rollout.Candidate is not null ? "promote"
            : rollout.State.Contains("\"pause\"", StringComparison.Ordinal) ? "resume"
            : null;
        _wasStuck = isStuck || (_wasStuck && rollout.Candidate is not null);
        if (ask is not null)
        {
            _world.Trace.Add("people", $"an operator asks to {ask} the rollout");
            Ask(ask);
        }
    }

    public void Ask(string kind, TimeSpan? length = null) => _ = Answer(_database.Store.AskRolloutAsync(
        new RolloutAsk(kind, "operator", "it is right", length is { } some ? Now + some : null), CancellationToken.None));

    /// <summary>Where the rollout stands, for whoever waits for its end.</summary>
    public string? RolloutTrouble() => _database.Rollout is { } rollout && (rollout.Candidate is not null || _database.RolloutUsers.Count > 0)
        ? $"a rollout of {rollout.Candidate} is under way: {rollout.State}"
        : null;

    // ---- What is -------------------------------------------------------------------------------------------------

    public IReadOnlyList<UserApp> Users() => Answer(_database.Store.ReadAllUsersAsync(CancellationToken.None));

    public IReadOnlyList<Guid> Rowless() => [.. Answer(_database.Store.ReadRowlessUsersAsync(CancellationToken.None)).Select(r => r.UserId)];

    /// <summary>A wrong override holds everything of its user, what a create left behind included.</summary>
    public IReadOnlyList<string> Intents() =>
        [.. _database.Intents.Where(i => !_world.IsPoisoned(i.UserId)).Select(i => $"{i.Kind} {i.AppName}")];

    public string AppOf(Guid user) => _database.FindApp(user)?.AppName ?? FirstNameOf(user);

    public static string FirstNameOf(Guid user, int candidate = 0) => AppNames.Candidate(NamePrefix, user, candidate);

    public bool IsOurs(string app) => _database.FindOwnership(app) is { ReleasedAt: null };

    public Guid? OwnerOf(string app) => _database.FindOwnership(app) is { ReleasedAt: null } owned ? owned.UserId : null;

    /// <summary>Recorded as ours for a user with a row, under a name that no row has.</summary>
    public IEnumerable<string> FormerApps() =>
        Answer(_database.Store.ReadSummariesAsync(CancellationToken.None)).Where(s => s.Former).Select(s => s.AppName);

    public bool HasIntent(string app) => _database.Intents.Any(i => i.AppName == app);

    public bool HoldsLease(string holder) => _database.LeaseRows.Any(l => l.Holder == holder && l.ExpiresAt > _database.Now);

    /// <summary>Until the last subscription that ends by itself has ended; zero when none will.</summary>
    public TimeSpan UntilLastExpiry() =>
        _database.Subscriptions.Select(s => s.ExpiresAt - _database.Now).Where(d => d > TimeSpan.Zero && d < TimeSpan.FromHours(1)).Max() ?? TimeSpan.Zero;

    /// <summary>A lease about to end is left to end by itself.</summary>
    /// <param name="died">Who had no time to give anything back.</param>
    public IReadOnlyList<string> HeldLeases(IReadOnlySet<string> died) =>
        [.. _database.LeaseRows.Where(l => !died.Contains(l.Holder) && l.ExpiresAt > _database.Now + Reconciler.Leading.Leadership.Margin + TimeSpan.FromSeconds(10)).Select(l => $"{l.Name} of {l.Holder}")];

    /// <summary>How long the user has been entitled without a break; less than nothing when it is not now.</summary>
    public TimeSpan EntitledFor(Guid user) => _database.EffectiveTier(user) == "free"
        ? TimeSpan.MinValue
        : TimeSpan.FromTicks(_world.Scheduler.Ticks - _entitledSince.GetValueOrDefault(user, _world.Scheduler.Ticks));

    /// <summary>No secret in any column of any table.</summary>
    public void CheckTexts()
    {
        foreach (var text in _database.Texts())
        {
            _world.Watch.CheckSecrets($"{text.Table}.{text.Column} of {text.Row}", text.Value);
        }
    }

    private void Change(Guid user, Action change)
    {
        var before = _database.EffectiveTier(user);
        change();
        if (before == "free" && _database.EffectiveTier(user) != "free")
        {
            _entitledSince[user] = _world.Scheduler.Ticks;
        }
    }

    private void Committed(StoreCommit commit)
    {
        if (_replica is not { } replica || _world.Scheduler.Ticks - replica.At >= ReplicaLag.Ticks)
        {
            _replica = (_database.Snapshot(), _world.Scheduler.Ticks);
        }

        if (commit.Operation is "RecordOwnershipAsync" or "PlantRow" or "Restore")
        {
            MostOwned = Math.Max(MostOwned, _database.Ownership.Count(o => o.ReleasedAt is null));
        }

        if (commit is { Lease: not null, Changed: true })
        {
            _rows.Wrote(commit);
            if (commit.Operation == "WriteRolloutAsync")
            {
                _rollouts.Wrote(RolloutLookedAt);
            }

            if (commit.Operation is "WriteStatusesAsync" or "ElectMachineAsync" or "RecordOwnershipAsync" or "ReleaseOwnershipAsync" or "OpenIntentAsync" or "CloseIntentAsync" or "WriteRolloutAsync")
            {
                RowWrites++;
                LastWrite = $"{commit.Operation} of {string.Join(", ", commit.Users)}";
            }
        }
    }

    private NotificationFate Fate()
    {
        if (_isMute || !_random.Chance(_notificationTrouble))
        {
            return _isMute ? NotificationFate.Lost : NotificationFate.Delivered;
        }

        _world.Coverage.Injected(FaultClass.Notifications);
        return _random.Next(4) switch
        {
            0 => NotificationFate.Lost,
            1 => NotificationFate.Duplicated,
            2 => NotificationFate.Delayed(TimeSpan.FromSeconds(_random.NextDouble() * 20)),
            _ => NotificationFate.Disconnected,
        };
    }

    /// <summary>The model answers within the call.</summary>
    private static T Answer<T>(Task<T> done) => done.GetAwaiter().GetResult();
}
