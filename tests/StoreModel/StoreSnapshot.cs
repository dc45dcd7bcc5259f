namespace StoreModel;

/// <summary>The database at one moment. Taking one copies nothing; the tables copy themselves at their next write.</summary>
public sealed class StoreSnapshot
{
    internal StoreSnapshot(
        Table<Guid, AccountRow>.Picture accounts, Table<Guid, SubscriptionRow>.Picture subscriptions, Table<Guid, AppRow>.Picture apps,
        Table<string, OwnershipRow>.Picture ownership, Table<string, CreateIntent>.Picture intents, Table<string, FleetRow>.Picture fleet,
        Table<string, DestroyRow>.Picture destroys, Table<string, LeaseRecord>.Picture leases, Log<EventRow>.Picture appEvents,
        Log<EventRow>.Picture journal, Settings settings, RolloutPicture rollouts)
    {
        Accounts = accounts;
        Subscriptions = subscriptions;
        Apps = apps;
        Ownership = ownership;
        Intents = intents;
        Fleet = fleet;
        Destroys = destroys;
        Leases = leases;
        AppEvents = appEvents;
        Journal = journal;
        Settings = settings;
        Rollouts = rollouts;
    }

    internal Table<Guid, AccountRow>.Picture Accounts { get; }

    internal Table<Guid, SubscriptionRow>.Picture Subscriptions { get; }

    internal Table<Guid, AppRow>.Picture Apps { get; }

    internal Table<string, OwnershipRow>.Picture Ownership { get; }

    internal Table<string, CreateIntent>.Picture Intents { get; }

    internal Table<string, FleetRow>.Picture Fleet { get; }

    internal Table<string, DestroyRow>.Picture Destroys { get; }

    internal Table<string, LeaseRecord>.Picture Leases { get; }

    internal Log<EventRow>.Picture AppEvents { get; }

    internal Log<EventRow>.Picture Journal { get; }

    internal Settings Settings { get; }

    internal RolloutPicture Rollouts { get; }

    internal sealed record RolloutPicture(
        Table<string, RevisionRow>.Picture Revisions,
        Table<string, RolloutRow>.Picture Rollout,
        Table<Guid, RolloutMark>.Picture Users,
        Log<RolloutEntry>.Picture History,
        Table<long, RolloutOrder>.Picture Orders);
}
