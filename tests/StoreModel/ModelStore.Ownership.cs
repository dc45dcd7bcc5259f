namespace StoreModel;

internal sealed partial class ModelStore
{
    public Task RecordOwnershipAsync(
        LeaseToken lease, string appName, Guid userId, string orgSlug, OwnershipOrigin origin, CancellationToken cancellationToken) =>
        Write(nameof(RecordOwnershipAsync), lease, transaction =>
        {
            transaction.Touch(userId);
            var machineId = Tables.Apps.Find(userId) is { } app && app.AppName == appName ? app.MachineId : null;
            var record = Tables.Ownership.Find(appName);
            if (record is { ReleasedAt: null } && record.UserId != userId)
                throw new AppNameInUseException(appName);
            Tables.Ownership.Put(record switch
            {
                null => new OwnershipRow
                {
                    AppName = appName, UserId = userId, Origin = origin, OrgSlug = orgSlug, MachineId = machineId,
                    AcquiredAt = transaction.Now,
                },
                { ReleasedAt: null } => record with { OrgSlug = orgSlug },
                _ => record with
                {
                    UserId = userId, OrgSlug = orgSlug, ReleasedAt = null, Origin = origin, AcquiredAt = transaction.Now,
                    MachineId = machineId,
                },
            });
            return true;
        }, cancellationToken);

    public Task ReleaseOwnershipAsync(LeaseToken lease, string appName, CancellationToken cancellationToken) =>
        Write(nameof(ReleaseOwnershipAsync), lease, transaction =>
        {
            if (Tables.Ownership.Find(appName) is not { ReleasedAt: null } record)
                return false;
            transaction.Touch(record.UserId);
            Tables.Ownership.Put(record with { ReleasedAt = transaction.Now, MachineId = null, NextAttemptAt = null });
            return true;
        }, cancellationToken);

    public Task<bool> ElectMachineAsync(
        LeaseToken lease, Guid userId, string appName, string? expected, string? elected, CancellationToken cancellationToken) =>
        Write(nameof(ElectMachineAsync), lease, transaction =>
        {
            transaction.Touch(userId);
            var app = Tables.Apps.Find(userId) is { } row && row.AppName == appName ? row : null;
            var won = app is not null && app.MachineId == expected;
            if (won)
            {
                database.AppWrites.Update(transaction, app!, app! with
                {
                    MachineId = elected, UpdatedAt = app.MachineId == elected ? app.UpdatedAt : transaction.Now,
                });
            }
            if (Tables.Ownership.Find(appName) is { } record && record.UserId == userId
                && (won || (Tables.Apps.Find(userId) is null && record.MachineId == expected)))
            {
                Tables.Ownership.Put(record with { MachineId = elected });
                won = true;
            }
            return won;
        }, cancellationToken);

    public Task OpenIntentAsync(LeaseToken lease, CreateIntent intent, CancellationToken cancellationToken) =>
        Write(nameof(OpenIntentAsync), lease, transaction =>
        {
            transaction.Touch(intent.UserId);
            if (intent.Kind is not ("app" or "machine"))
                throw Refusals.Check("intents", "intents_kind_check");
            Tables.Intents.Put(intent with { CreatedAt = transaction.Now });
            return true;
        }, cancellationToken);

    public Task CloseIntentAsync(LeaseToken lease, string launchId, CancellationToken cancellationToken) =>
        Write(nameof(CloseIntentAsync), lease, transaction =>
        {
            if (Tables.Intents.Find(launchId) is { } intent)
                transaction.Touch(intent.UserId);
            return Tables.Intents.Remove(launchId);
        }, cancellationToken);
}
