namespace StoreModel;

/// <summary>
/// What the host application, its admin page and a person with a SQL prompt do. The triggers do their part in the same call.
/// </summary>
public sealed class HostApplication
{
    private readonly StoreModelDatabase _database;

    internal HostApplication(StoreModelDatabase database) => _database = database;

    /// <summary>Whether a subscription change is followed in its own transaction.</summary>
    public bool TriggerEnabled
    {
        get => Tables.Settings.TriggerEnabled;
        set => Commit(nameof(TriggerEnabled), _ => Tables.Settings = Tables.Settings with { TriggerEnabled = value });
    }

    /// <summary>Row-level security answers the controller with no subscriptions.</summary>
    public bool SubscriptionsHidden
    {
        get => _database.Tiers.SubscriptionsHidden;
        set => _database.Tiers.SubscriptionsHidden = value;
    }

    private Tables Tables => _database.Tables;

    /// <summary>Signs a user up: an account and a subscription row.</summary>
    public Guid CreateUser(string tier = "free", string status = "active", DateTime? expiresAt = null, Guid? id = null)
    {
        var userId = id ?? _database.NewId();
        CheckTier(tier);
        CheckStatus(status);
        Commit(nameof(CreateUser), transaction =>
        {
            AddAccount(transaction, userId);
            var subscription = new SubscriptionRow(userId, tier, status, PgTime.Stored(expiresAt));
            Tables.Subscriptions.Put(subscription);
            _database.Tiers.Follow(transaction, null, subscription);
        });
        return userId;
    }

    /// <summary>An account without a subscription.</summary>
    public void CreateAccount(Guid userId) => Commit(nameof(CreateAccount), transaction => AddAccount(transaction, userId));

    public void SetTier(Guid userId, string tier)
    {
        CheckTier(tier);
        Change(nameof(SetTier), userId, old => old with { Tier = tier });
    }

    public void SetStatus(Guid userId, string status)
    {
        CheckStatus(status);
        Change(nameof(SetStatus), userId, old => old with { Status = status });
    }

    public void SetExpiry(Guid userId, DateTime? expiresAt) =>
        Change(nameof(SetExpiry), userId, old => old with { ExpiresAt = PgTime.Stored(expiresAt) });

    /// <summary>Gives the subscription to another account, or to none.</summary>
    public void MoveSubscription(Guid userId, Guid? to) => Commit(nameof(MoveSubscription), transaction =>
    {
        transaction.Touch(userId);
        if (Tables.Subscriptions.Find(userId) is not { } old)
            return;
        if (to is { } taken && taken != userId && Tables.Subscriptions.Find(taken) is not null)
            throw Refusals.Unique("user_subscriptions", "user_subscriptions_user_id_key");
        if (to is { } missing && Tables.Accounts.Find(missing) is null)
            throw Refusals.ForeignKey("user_subscriptions", "user_subscriptions_user_id_fkey");
        Tables.Subscriptions.Remove(userId);
        var moved = to is { } newOwner ? old with { UserId = newOwner } : null;
        if (moved is not null)
            Tables.Subscriptions.Put(moved);
        else
            Tables.Settings = Tables.Settings with { NamelessSubscriptions = Tables.Settings.NamelessSubscriptions + 1 };
        _database.Tiers.Follow(transaction, old, moved);
    });

    public void DeleteSubscription(Guid userId) =>
        Commit(nameof(DeleteSubscription), transaction => RemoveSubscription(transaction, userId));

    /// <summary>Empties the table with every trigger off: what a careless restore does.</summary>
    public void LoseSubscriptions() => Commit(nameof(LoseSubscriptions), _ =>
    {
        while (Tables.Subscriptions.Count > 0)
            Tables.Subscriptions.Remove(Tables.Subscriptions[Tables.Subscriptions.Count - 1].UserId);
        Tables.Settings = Tables.Settings with { NamelessSubscriptions = 0 };
    });

    /// <summary>Puts rows back that were lost, with every trigger off: what the restore after a careless restore does.</summary>
    public void RestoreSubscriptions(IEnumerable<SubscriptionRow> lost) => Commit(nameof(RestoreSubscriptions), _ =>
    {
        foreach (var row in lost.Where(row => Tables.Accounts.Find(row.UserId) is not null))
            Tables.Subscriptions.Put(row);
    });

    /// <summary>One statement over many rows, with the trigger for each.</summary>
    public void ChangeSubscriptions(IEnumerable<Guid> users, Func<SubscriptionRow, SubscriptionRow> change) =>
        Commit(nameof(ChangeSubscriptions), transaction =>
        {
            foreach (var userId in users)
            {
                transaction.Touch(userId);
                if (Tables.Subscriptions.Find(userId) is not { } old)
                    continue;
                var changed = change(old);
                Tables.Subscriptions.Put(changed);
                _database.Tiers.Follow(transaction, old, changed);
            }
        });

    /// <summary>Deletes the account: every row of the host's that names the user goes with it, our own records stay.</summary>
    public void DeleteUser(Guid userId) => Commit(nameof(DeleteUser), transaction =>
    {
        transaction.Touch(userId);
        if (!Tables.Accounts.Remove(userId))
            return;
        RemoveSubscription(transaction, userId);
        _database.AppWrites.Delete(transaction, userId);
    });

    /// <summary>Writes or clears the user's exceptions. False when the user has no row, as with the methods below.</summary>
    public bool SetSpec(Guid userId, string? json)
    {
        var spec = json is null ? null : Jsonb.Text(json);
        return Edit(nameof(SetSpec), userId, (row, _) => row with { Spec = spec });
    }

    public bool Pause(Guid userId, string owner, string reason, DateTime? until = null) =>
        Edit(nameof(Pause), userId, (row, now) => row with
        {
            Paused = true, PauseOwner = owner, PauseReason = reason, PausedUntil = PgTime.Stored(until), UpdatedAt = now,
        });

    public bool Unpause(Guid userId) => Edit(nameof(Unpause), userId, static (row, now) => row with
    {
        Paused = false, PauseOwner = null, PauseReason = null, PausedUntil = null, UpdatedAt = now,
    });

    /// <summary>Asks for a fresh look.</summary>
    public bool Force(Guid userId) => Edit(nameof(Force), userId, static (row, _) => row with { Generation = row.Generation + 1 });

    /// <summary>An update of the row by hand. The generation counts and notifies as for any other writer.</summary>
    public bool EditRow(Guid userId, Func<AppRow, AppRow> edit) => Edit(nameof(EditRow), userId, (row, _) => edit(row));

    /// <summary>A row as the old provisioning function left it: 4 CPUs, 1 GB, region sjc, an old image.</summary>
    /// <param name="inherited">It stood there before our migration, which took it over: the app is ours and the tier is kept.
    /// Otherwise it came later and proves nothing.</param>
    /// <returns>The row's id.</returns>
    public Guid PlantRow(
        Guid userId, string appName, string status = "active", DateTime? deletedAt = null, bool inherited = false,
        Func<AppRow, AppRow>? change = null)
    {
        var rowId = _database.NewId();
        Commit(nameof(PlantRow), transaction =>
        {
            var row = new AppRow
            {
                RowId = rowId, UserId = userId, AppName = appName, OrgSlug = "vyx", Status = status, Region = "sjc",
                DockerImage = "registry.fly.io/vyx-app:deployment-01", CpuCount = 4, MemoryMb = 1024, DeletedAt = PgTime.Stored(deletedAt),
                CreatedAt = transaction.Now, UpdatedAt = transaction.Now,
            };
            if (inherited && row.DeletedAt is null)
                row = row with { Tier = _database.EffectiveTier(userId) };
            row = change?.Invoke(row) ?? row;
            if (!_database.AppWrites.TryInsert(transaction, row))
            {
                throw Refusals.Unique(
                    "user_fly_apps", Tables.Apps.Find(userId) is null ? "user_fly_apps_fly_app_name_key" : "one_app_per_user");
            }
            if (inherited && !row.Buried && Tables.Ownership.Find(row.AppName) is null)
            {
                Tables.Ownership.Put(new OwnershipRow
                {
                    AppName = row.AppName, UserId = userId, Origin = OwnershipOrigin.Inherited, OrgSlug = row.OrgSlug,
                    AcquiredAt = transaction.Now,
                });
            }
        });
        return rowId;
    }

    /// <summary>From now on a constraint of the host's stands against any write of this user's row.</summary>
    public void ForbidRow(Guid userId) => _database.AppWrites.Forbidden.Add(userId);

    public void AllowRow(Guid userId) => _database.AppWrites.Forbidden.Remove(userId);

    /// <summary>A document that is written once, as <c>release-hold</c> does. Returns what is stored.</summary>
    public string ReleaseHold(string key, string json)
    {
        var stored = "";
        Commit(nameof(ReleaseHold), _ =>
        {
            var document = Jsonb.Text(PgText.CleanJson(json));
            if (Tables.Fleet.Find(key) is null)
                Tables.Fleet.Put(new FleetRow(key, document));
            stored = Tables.Fleet.Find(key)!.Json;
        });
        return stored;
    }

    private static void CheckTier(string tier)
    {
        if (tier is not ("free" or "pro" or "elite"))
            throw Refusals.Check("user_subscriptions", "user_subscriptions_tier_check");
    }

    private static void CheckStatus(string status)
    {
        if (status is not ("active" or "cancelled" or "past_due"))
            throw Refusals.Check("user_subscriptions", "user_subscriptions_status_check");
    }

    private void AddAccount(Transaction transaction, Guid userId)
    {
        if (Tables.Accounts.Find(userId) is not null)
            throw Refusals.Unique("users", "users_pkey");
        transaction.Touch(userId);
        Tables.Accounts.Put(new AccountRow(userId));
    }

    private void RemoveSubscription(Transaction transaction, Guid userId)
    {
        transaction.Touch(userId);
        if (Tables.Subscriptions.Find(userId) is not { } old)
            return;
        Tables.Subscriptions.Remove(userId);
        _database.Tiers.Follow(transaction, old, null);
    }

    private void Change(string operation, Guid userId, Func<SubscriptionRow, SubscriptionRow> change) => Commit(operation, transaction =>
    {
        transaction.Touch(userId);
        if (Tables.Subscriptions.Find(userId) is not { } old)
            return;
        var changed = change(old);
        Tables.Subscriptions.Put(changed);
        _database.Tiers.Follow(transaction, old, changed);
    });

    private bool Edit(string operation, Guid userId, Func<AppRow, DateTime, AppRow> edit) =>
        _database.Commit(operation, null, transaction =>
        {
            transaction.Touch(userId);
            if (Tables.Apps.Find(userId) is not { } row)
                return false;
            _database.AppWrites.Update(transaction, row, edit(row, transaction.Now));
            return true;
        });

    private void Commit(string operation, Action<Transaction> body) => _database.Commit(operation, null, transaction =>
    {
        body(transaction);
        return true;
    });
}
