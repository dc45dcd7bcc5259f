namespace StoreModel;

/// <summary>Writes of <c>user_fly_apps</c>: its constraints, and the triggers that count its generation and notify.</summary>
internal sealed class AppWrites(Tables tables)
{
    private const string Apps = "user_fly_apps";

    /// <summary>Users whose row no write may touch, as if a constraint of the host's stood against it.</summary>
    public HashSet<Guid> Forbidden { get; } = [];

    public static bool IsStatus(string status) => status is "provisioning" or "active" or "error" or "deprovisioning" or "deleted";

    /// <summary>Throws when the row would be refused; the order is the database's.</summary>
    public void Check(AppRow row)
    {
        if (Forbidden.Contains(row.UserId))
            throw Refusals.Check(Apps, "poison");
        if (row.HealthStatus is not (null or "healthy" or "unhealthy" or "unknown"))
            throw Refusals.Check(Apps, "user_fly_apps_health_status_check");
        if (!IsStatus(row.Status))
            throw Refusals.Check(Apps, "user_fly_apps_status_check");
    }

    public AppRow? FindByName(string appName)
    {
        foreach (var row in tables.Apps.Rows)
        {
            if (row.AppName == appName)
                return row;
        }
        return null;
    }

    public AppRow? FindById(Guid rowId)
    {
        foreach (var row in tables.Apps.Rows)
        {
            if (row.RowId == rowId)
                return row;
        }
        return null;
    }

    /// <summary>False when another row has the user or the name: <c>on conflict do nothing</c>.</summary>
    public bool TryInsert(Transaction transaction, AppRow row)
    {
        Check(row);
        if (tables.Apps.Find(row.UserId) is not null || FindByName(row.AppName) is not null)
            return false;
        if (tables.Accounts.Find(row.UserId) is null)
            throw Refusals.ForeignKey(Apps, "user_fly_apps_user_id_fkey");
        tables.Apps.Put(row);
        transaction.Touch(row.UserId);
        transaction.Notify(new ChangeHint(row.UserId));
        return true;
    }

    public void Update(Transaction transaction, AppRow old, AppRow row)
    {
        row = CountGeneration(old, row);
        Check(row);
        if (row.AppName != old.AppName && FindByName(row.AppName) is not null)
            throw Refusals.Unique(Apps, "user_fly_apps_fly_app_name_key");
        tables.Apps.Put(row);
        transaction.Touch(row.UserId);
        if (row.Generation != old.Generation)
            transaction.Notify(new ChangeHint(row.UserId));
    }

    /// <summary>The cascade from the account: the events of the row go with it.</summary>
    public void Delete(Transaction transaction, Guid userId)
    {
        var row = tables.Apps.Find(userId);
        tables.AppEvents.RemoveAll(line => line.UserId == userId || (row is not null && line.RowId == row.RowId));
        if (tables.Apps.Remove(userId))
            transaction.Notify(new ChangeHint(userId));
    }

    private static AppRow CountGeneration(AppRow old, AppRow row)
    {
        var generation = Math.Max(row.Generation, old.Generation);
        if (generation == old.Generation && AsksForALook(old, row))
            generation++;
        return generation == row.Generation ? row : row with { Generation = generation };
    }

    private static bool AsksForALook(AppRow old, AppRow row) =>
        row.Tier != old.Tier || !Jsonb.Same(row.Spec, old.Spec) || row.Paused != old.Paused || row.PauseOwner != old.PauseOwner
        || row.PauseReason != old.PauseReason || row.PausedUntil != old.PausedUntil
        || (old.DeletedAt is not null && row.DeletedAt is null);
}
