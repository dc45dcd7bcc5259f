namespace StoreModel;

/// <summary>Everything that the database holds.</summary>
internal sealed class Tables
{
    public Table<Guid, AccountRow> Accounts { get; } = new(static row => row.UserId, Comparer<Guid>.Default);

    public Table<Guid, SubscriptionRow> Subscriptions { get; } = new(static row => row.UserId, Comparer<Guid>.Default);

    public Table<Guid, AppRow> Apps { get; } = new(static row => row.UserId, Comparer<Guid>.Default);

    public Table<string, OwnershipRow> Ownership { get; } = new(static row => row.AppName, StringComparer.Ordinal);

    public Table<string, CreateIntent> Intents { get; } = new(static row => row.LaunchId, StringComparer.Ordinal);

    public Table<string, FleetRow> Fleet { get; } = new(static row => row.Key, StringComparer.Ordinal);

    public Table<string, DestroyRow> Destroys { get; } = new(static row => row.Subject, StringComparer.Ordinal);

    public Table<string, LeaseRecord> Leases { get; } = new(static row => row.Name, StringComparer.Ordinal);

    public Log<EventRow> AppEvents { get; } = new();

    public Log<EventRow> Journal { get; } = new();

    /// <summary>As the migration leaves them in an empty database.</summary>
    public Settings Settings { get; set; } = new(new RowDefaults("vyx-user-", "", "sin", "", 2, 512), 0, TriggerEnabled: true);

    public long Writes => Accounts.Writes + Subscriptions.Writes + Apps.Writes + Ownership.Writes + Intents.Writes + Fleet.Writes
        + Destroys.Writes + Leases.Writes + AppEvents.Writes + Journal.Writes;

    public StoreSnapshot Take() => new(
        Accounts.Take(), Subscriptions.Take(), Apps.Take(), Ownership.Take(), Intents.Take(), Fleet.Take(), Destroys.Take(),
        Leases.Take(), AppEvents.Take(), Journal.Take(), Settings);

    public void Restore(StoreSnapshot snapshot)
    {
        Accounts.Restore(snapshot.Accounts);
        Subscriptions.Restore(snapshot.Subscriptions);
        Apps.Restore(snapshot.Apps);
        Ownership.Restore(snapshot.Ownership);
        Intents.Restore(snapshot.Intents);
        Fleet.Restore(snapshot.Fleet);
        Destroys.Restore(snapshot.Destroys);
        Leases.Restore(snapshot.Leases);
        AppEvents.Restore(snapshot.AppEvents);
        Journal.Restore(snapshot.Journal);
        Settings = snapshot.Settings;
    }
}
