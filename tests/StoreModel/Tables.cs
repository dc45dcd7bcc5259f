namespace StoreModel;

/// <summary>Everything that the database holds.</summary>
internal sealed class Tables
{
    public Table<Guid, AccountRow> Accounts { get; } = new(static row => row.UserId, Comparer<Guid>.Default);

    public Table<Guid, SubscriptionRow> Subscriptions { get; } = new(static row => row.UserId, Comparer<Guid>.Default);

    public Table<Guid, AppRow> Apps { get; } = new(
        static row => row.UserId, Comparer<Guid>.Default, static (one, other) => one.AppName == other.AppName);

    public Table<string, OwnershipRow> Ownership { get; } = new(
        static row => row.AppName, StringComparer.Ordinal,
        static (one, other) => one.UserId == other.UserId && one.ReleasedAt is null == other.ReleasedAt is null && one.MachineId == other.MachineId);

    public Table<string, CreateIntent> Intents { get; } = new(static row => row.LaunchId, StringComparer.Ordinal);

    public Table<string, FleetRow> Fleet { get; } = new(static row => row.Key, StringComparer.Ordinal);

    public Table<string, DestroyRow> Destroys { get; } = new(static row => row.Subject, StringComparer.Ordinal);

    public Table<string, LeaseRecord> Leases { get; } = new(static row => row.Name, StringComparer.Ordinal);

    public Table<string, RevisionRow> Revisions { get; } = new(static row => row.Id, StringComparer.Ordinal);

    /// <summary>One row at most, by the name of its table.</summary>
    public Table<string, RolloutRow> Rollout { get; } = new(static _ => RolloutRow.Key, StringComparer.Ordinal);

    public Table<Guid, RolloutMark> RolloutUsers { get; } = new(static row => row.UserId, Comparer<Guid>.Default);

    public Log<RolloutEntry> RolloutHistory { get; } = new();

    public Table<long, RolloutOrder> RolloutOrders { get; } = new(static row => row.Id, Comparer<long>.Default);

    public Log<EventRow> AppEvents { get; } = new();

    public Log<EventRow> Journal { get; } = new();

    /// <summary>As the migration leaves them in an empty database.</summary>
    public Settings Settings { get; set; } = new(new RowDefaults("vyx-user-", "", "sin", "", 2, 512), 0, TriggerEnabled: true);

    public long Writes => Accounts.Writes + Subscriptions.Writes + Apps.Writes + Ownership.Writes + Intents.Writes + Fleet.Writes
        + Destroys.Writes + Revisions.Writes + Rollout.Writes + RolloutUsers.Writes + RolloutHistory.Writes + RolloutOrders.Writes + Leases.Writes + AppEvents.Writes + Journal.Writes;

    public StoreSnapshot Take() => new(
        Accounts.Take(), Subscriptions.Take(), Apps.Take(), Ownership.Take(), Intents.Take(), Fleet.Take(), Destroys.Take(),
        Leases.Take(), AppEvents.Take(), Journal.Take(), Settings,
        new(Revisions.Take(), Rollout.Take(), RolloutUsers.Take(), RolloutHistory.Take(), RolloutOrders.Take()));

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
        Revisions.Restore(snapshot.Rollouts.Revisions);
        Rollout.Restore(snapshot.Rollouts.Rollout);
        RolloutUsers.Restore(snapshot.Rollouts.Users);
        RolloutHistory.Restore(snapshot.Rollouts.History);
        RolloutOrders.Restore(snapshot.Rollouts.Orders);
        Settings = snapshot.Settings;
    }
}
