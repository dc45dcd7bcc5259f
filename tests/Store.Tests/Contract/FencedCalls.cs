namespace Store.Tests.Contract;

/// <summary>One call of each method that takes a lease.</summary>
public static class FencedCalls
{
    public static Dictionary<string, Func<IStore, LeaseToken, UserApp, Task>> All { get; } = new()
    {
        [nameof(IStore.SyncTiersAsync)] = static (store, lease, _) => store.SyncTiersAsync(lease, default),
        [nameof(IStore.WriteDefaultsAsync)] = static (store, lease, _) =>
            store.WriteDefaultsAsync(lease, World.Defaults with { Region = "stale" }, default),
        [nameof(IStore.RenameAppAsync)] = static (store, lease, user) =>
            store.RenameAppAsync(lease, user.UserId, user.AppName, "stale", default),
        [nameof(IStore.RecordOwnershipAsync)] = static (store, lease, user) =>
            store.RecordOwnershipAsync(lease, "stale", user.UserId, "vyx", OwnershipOrigin.Created, default),
        [nameof(IStore.ReleaseOwnershipAsync)] = static (store, lease, user) => store.ReleaseOwnershipAsync(lease, user.AppName, default),
        [nameof(IStore.ElectMachineAsync)] = static (store, lease, user) =>
            store.ElectMachineAsync(lease, user.UserId, user.AppName, user.MachineId, "stale", default),
        [nameof(IStore.OpenIntentAsync)] = static (store, lease, user) =>
            store.OpenIntentAsync(lease, new CreateIntent("stale", "app", user.AppName, user.UserId, null), default),
        [nameof(IStore.CloseIntentAsync)] = static (store, lease, _) => store.CloseIntentAsync(lease, "kept", default),
        [nameof(IStore.WriteStatusesAsync)] = static (store, lease, user) => store.WriteStatusesAsync(
            lease, [Writes.Of(user) with { ErrorMessage = "stale", Events = [Writes.Event()] }], default),
        [nameof(IStore.WriteFleetStateAsync)] = static (store, lease, _) => store.WriteFleetStateAsync(lease, "stale", "{}", default),
        [nameof(IStore.WriteRolloutAsync)] = static (store, lease, _) => store.WriteRolloutAsync(
            lease,
            new RolloutWrite
            {
                Expected = 0, Stable = "stale", Candidate = null, State = "{}", Revisions = [new RevisionRow("stale", "{}", "unknown", null, "nobody")],
            },
            default),
        [nameof(IStore.ReadUserUnderLeaseAsync)] = static (store, lease, user) => store.ReadUserUnderLeaseAsync(lease, user.UserId, default),
        [nameof(IStore.TryDrawDestroyAsync)] = static (store, lease, _) => store.TryDrawDestroyAsync(lease, "stale", 5, default),
    };

    public static TheoryData<string> Names => [.. All.Keys];
}
