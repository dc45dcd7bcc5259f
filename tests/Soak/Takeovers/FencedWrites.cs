using Store;

namespace Soak.Takeovers;

/// <summary>Each method of the store that takes a lease, with values that no other write has, and the row that it has to lock.</summary>
internal sealed record FencedWrite(string Name, string LockSql, Func<IStore, LeaseToken, UserApp, string, Task> WriteAsync)
{
    private const string UserRow = "select from public.user_fly_apps for update";
    private const string Ownership = "select from fly_reconciler.ownership for update";

    public static IReadOnlyList<FencedWrite> All { get; } =
    [
        new(nameof(IStore.WriteStatusesAsync), UserRow, static (store, lease, user, tag) => store.WriteStatusesAsync(
            lease, [Status(user, tag)], default)),
        new(nameof(IStore.ElectMachineAsync), UserRow, static async (store, lease, user, tag) =>
        {
            var now = await store.ReadUserAsync(user.UserId, default);
            await store.ElectMachineAsync(lease, user.UserId, user.AppName, now!.MachineId, tag, default);
        }),
        new(nameof(IStore.OpenIntentAsync), "lock table fly_reconciler.intents in exclusive mode", static (store, lease, user, tag) =>
            store.OpenIntentAsync(lease, new CreateIntent(tag, "app", user.AppName, user.UserId, null), default)),
        new(nameof(IStore.CloseIntentAsync), "lock table fly_reconciler.intents in exclusive mode", static (store, lease, _, tag) =>
            store.CloseIntentAsync(lease, tag, default)),
        new(nameof(IStore.TryDrawDestroyAsync), "select from fly_reconciler.fleet where key = 'destroy-budget' for update", static (store, lease, _, tag) =>
            store.TryDrawDestroyAsync(lease, tag, 1_000_000, default)),
        new(nameof(IStore.WriteFleetStateAsync), "select from fly_reconciler.fleet where key = 'takeovers' for update", static (store, lease, _, tag) =>
            store.WriteFleetStateAsync(lease, "takeovers", $"\"{tag}\"", default)),
        new(nameof(IStore.RecordOwnershipAsync), Ownership, static (store, lease, user, tag) =>
            store.RecordOwnershipAsync(lease, user.AppName, user.UserId, tag, OwnershipOrigin.Created, default)),
        new(nameof(IStore.ReleaseOwnershipAsync), Ownership, static (store, lease, user, _) => store.ReleaseOwnershipAsync(lease, user.AppName, default)),
        new(nameof(IStore.WriteDefaultsAsync), "select from fly_reconciler.row_defaults for update", static (store, lease, _, tag) =>
            store.WriteDefaultsAsync(lease, Lane.Defaults with { OrgSlug = tag }, default)),
        new(nameof(IStore.RenameAppAsync), UserRow, static async (store, lease, user, tag) =>
        {
            var now = await store.ReadUserAsync(user.UserId, default);
            var other = now!.AppName == user.AppName ? user.AppName + "-2" : user.AppName;
            await store.RenameAppAsync(lease, user.UserId, now.AppName, other, default);
        }),
        new(nameof(IStore.WriteRolloutAsync), "lock table fly_reconciler.rollout in exclusive mode", static async (store, lease, _, tag) =>
        {
            var board = await store.ReadRolloutAsync(null, withUsers: false, default);
            await store.WriteRolloutAsync(
                lease,
                new RolloutWrite
                {
                    Expected = board.Version, Stable = tag, Candidate = null, State = "{}", Revisions = [new RevisionRow(tag, "{}", "unknown", null, tag)],
                },
                default);
        }),
        // The subscription was made to differ from the row beforehand.
        new(nameof(IStore.SyncTiersAsync), UserRow, static (store, lease, _, _) => store.SyncTiersAsync(lease, default)),
    ];

    public static StatusWrite Status(UserApp user, string tag) => new()
    {
        UserId = user.UserId,
        RowId = user.RowId,
        AppName = user.AppName,
        Status = "active",
        HealthStatus = "healthy",
        Region = user.Region,
        DockerImage = user.DockerImage,
        CpuCount = user.CpuCount,
        MemoryMb = user.MemoryMb,
        DeployedAt = null,
        LastHealthCheck = null,
        ErrorMessage = tag,
        RetryCount = 0,
        MonthlyCostUsd = 1,
        DeletedAt = null,
        ObservedGeneration = 0,
        Conditions = "[]",
        ControllerState = "{}",
        Fingerprint = 0,
        NextAttemptAt = null,
        LastErrorClass = null,
        Events = [new EventWrite("recovery_attempted", "active", "{}", tag)],
    };

    /// <param name="write">One try.</param>
    /// <param name="giveUp">Hears why it was given up.</param>
    public static async Task<Outcome> TryAsync(Func<Task> write, Action<string>? giveUp = null)
    {
        try
        {
            await write();
            return Outcome.Written;
        }
        catch (StaleEpochException)
        {
            return Outcome.Fenced;
        }
        catch (StoreUnavailableException problem)
        {
            giveUp?.Invoke(problem.Message[(problem.Message.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());
            return Outcome.Unavailable;
        }
    }
}
