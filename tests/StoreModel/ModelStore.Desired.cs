using Npgsql;

namespace StoreModel;

internal sealed partial class ModelStore
{
    public Task<IReadOnlyList<Guid>> SyncTiersAsync(LeaseToken lease, CancellationToken cancellationToken) =>
        Write<IReadOnlyList<Guid>>(nameof(SyncTiersAsync), lease, transaction =>
        {
            try
            {
                return database.Tiers.Sync(transaction);
            }
            catch (PostgresException error)
            {
                throw PostgresErrors.Translate("synchronise tiers", lease, error) ?? error;
            }
        }, cancellationToken);

    public Task WriteDefaultsAsync(LeaseToken lease, RowDefaults defaults, CancellationToken cancellationToken) =>
        Write(nameof(WriteDefaultsAsync), lease, _ =>
        {
            if (Tables.Settings.Defaults != defaults)
                Tables.Settings = Tables.Settings with { Defaults = defaults };
            return true;
        }, cancellationToken);

    public Task<bool> RenameAppAsync(
        LeaseToken lease, Guid userId, string oldName, string newName, CancellationToken cancellationToken) =>
        Write(nameof(RenameAppAsync), lease, transaction =>
        {
            transaction.Touch(userId);
            if (Tables.Apps.Find(userId) is not { } app || app.AppName != oldName)
                return false;
            try
            {
                database.AppWrites.Update(transaction, app, app with { AppName = newName, MachineId = null, UpdatedAt = transaction.Now });
                return true;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UniqueViolation)
            {
                throw new AppNameInUseException(newName);
            }
        }, cancellationToken);
}
