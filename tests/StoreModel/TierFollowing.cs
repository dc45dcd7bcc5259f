using Npgsql;

namespace StoreModel;

/// <summary>Makes rows follow subscriptions: the trigger, and the synchronisation that repairs what it missed.</summary>
internal sealed class TierFollowing(Tables tables, AppWrites apps, Func<Guid> ids)
{
    private const int Candidates = 16;

    /// <summary>Row-level security hides every subscription from the controller; the trigger does not read them.</summary>
    public bool SubscriptionsHidden { get; set; }

    public static string EffectiveTier(SubscriptionRow? subscription, DateTime now) =>
        subscription?.Tier is null || subscription.Status == "cancelled" || subscription.ExpiresAt <= now
            ? Tiers.Free
            : Tiers.Shared(subscription.Tier);

    /// <summary>What counts for the user, as the controller sees it.</summary>
    public string EffectiveTier(Guid userId, DateTime now) =>
        SubscriptionsHidden ? Tiers.Free : EffectiveTier(tables.Subscriptions.Find(userId), now);

    /// <summary>The trigger. A failure of its own leaves a line in the journal and lets the subscription change go through.</summary>
    public void Follow(Transaction transaction, SubscriptionRow? old, SubscriptionRow? @new)
    {
        if (!tables.Settings.TriggerEnabled)
            return;
        // A change of one user is refused before its first write; only the second of two can leave the first behind.
        var savepoint = old is not null && @new is not null && old.UserId != @new.UserId ? tables.Take() : null;
        var hints = transaction.Hints.Count;
        var userId = old?.UserId;
        try
        {
            if (old is not null && old.UserId != @new?.UserId)
                Apply(transaction, old.UserId, Tiers.Free);
            if (@new is not null)
            {
                userId = @new.UserId;
                Apply(transaction, @new.UserId, EffectiveTier(@new, transaction.Now));
            }
        }
        catch (PostgresException error)
        {
            if (savepoint is not null)
                tables.Restore(savepoint);
            transaction.ForgetHints(hints);
            tables.Journal.Add(new EventRow(
                null, null, userId, null, "error_occurred", "error",
                $$"""{"reason": "SubscriptionNotFollowed", "sqlstate": "{{error.SqlState}}"}""", error.MessageText, transaction.Now));
        }
    }

    /// <summary>Every user whose row does not say what the subscription says.</summary>
    public List<Guid> Sync(Transaction transaction)
    {
        var readsAsEmpty = SubscriptionsHidden || (tables.Subscriptions.Count == 0 && tables.Settings.NamelessSubscriptions == 0);
        if (readsAsEmpty && tables.Apps.Any(static app => app.Tier != Tiers.Free))
        {
            throw Refusals.Raised(
                "user_subscriptions reads as empty although users have a paid tier: row-level security hides it from this role",
                PostgresErrorCodes.InsufficientPrivilege);
        }

        var touched = new List<Guid>();
        foreach (var (userId, tier) in OutOfStep(transaction.Now))
        {
            try
            {
                if (Apply(transaction, userId, tier))
                    touched.Add(userId);
            }
            catch (PostgresException)
            {
                // One user who cannot be helped does not hold up the others; the database's answer names them for the log.
            }
        }
        return touched;
    }

    private List<(Guid UserId, string Tier)> OutOfStep(DateTime now)
    {
        var found = new List<(Guid UserId, string Tier)>();
        foreach (var app in tables.Apps.Rows)
        {
            var tier = EffectiveTier(app.UserId, now);
            if (tier == Tiers.Free ? app.Tier != Tiers.Free : app.Tier != tier || app.Buried)
                found.Add((app.UserId, tier));
        }
        foreach (var subscription in tables.Subscriptions.Rows)
        {
            var tier = EffectiveTier(subscription.UserId, now);
            if (tier != Tiers.Free && tables.Apps.Find(subscription.UserId) is null)
                found.Add((subscription.UserId, tier));
        }
        found.Sort(static (one, other) => one.UserId.CompareTo(other.UserId));
        return found;
    }

    private bool Apply(Transaction transaction, Guid userId, string tier)
    {
        if (tables.Apps.Find(userId) is not { } app)
            return tier != Tiers.Free && Insert(transaction, userId, tier);
        if (tier == Tiers.Free)
        {
            if (app.Tier == Tiers.Free)
                return false;
            apps.Update(transaction, app, app with { Tier = Tiers.Free, UpdatedAt = transaction.Now });
            return true;
        }
        if (app.Buried)
        {
            apps.Update(transaction, app, app with
            {
                Tier = tier, Generation = app.Generation + 1, DeletedAt = null, Status = "provisioning", HealthStatus = "unknown",
                ErrorMessage = null, RetryCount = 0, NextAttemptAt = null, LastErrorClass = null, Fingerprint = 0,
                UpdatedAt = transaction.Now,
            });
            return true;
        }
        if (app.Tier == tier)
            return false;
        apps.Update(transaction, app, app with { Tier = tier, Generation = app.Generation + 1, UpdatedAt = transaction.Now });
        return true;
    }

    private bool Insert(Transaction transaction, Guid userId, string tier)
    {
        var defaults = tables.Settings.Defaults;
        for (var candidate = 0; candidate < Candidates; candidate++)
        {
            var name = AppNames.Candidate(defaults.AppNamePrefix, userId, candidate);
            if (tables.Ownership.Find(name) is { ReleasedAt: null } owned && owned.UserId != userId)
                continue;
            if (apps.FindByName(name) is not null)
                continue;
            apps.TryInsert(transaction, new AppRow
            {
                RowId = ids(), UserId = userId, AppName = name, OrgSlug = defaults.OrgSlug, Tier = tier, Status = "provisioning",
                HealthStatus = "unknown", Region = defaults.Region, DockerImage = defaults.DockerImage, CpuCount = defaults.CpuCount,
                MemoryMb = defaults.MemoryMb, CreatedAt = transaction.Now, UpdatedAt = transaction.Now,
            });
            return true;
        }
        throw Refusals.Raised($"no app name is free for user {userId}, or fly_reconciler.row_defaults is empty");
    }
}
