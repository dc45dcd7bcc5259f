namespace Store.Tests.Contract;

/// <summary>
/// A database with nobody in it, as the host application, an operator and the controller meet it. What is said of one world has to
/// be true of each: of PostgreSQL with our migrations, and of the model of it.
/// </summary>
public abstract class World : IAsyncLifetime
{
    public abstract IStore Store { get; }

    public abstract ILeaseStore Leases { get; }

    /// <summary>The lease <c>leader</c>, held for days.</summary>
    public LeaseToken Lease { get; private set; } = null!;

    public static RowDefaults Defaults => StoreFixture.Defaults;

    public virtual async Task InitializeAsync()
    {
        Lease = (await Leases.TryAcquireAsync("leader", "test", TimeSpan.FromDays(365), default)).Token!;
        await Store.WriteDefaultsAsync(Lease, Defaults, default);
    }

    public virtual Task DisposeAsync() => Task.CompletedTask;

    /// <summary>The database's clock.</summary>
    public abstract Task<DateTime> NowAsync();

    /// <summary>Lets time pass for everything that is compared with the clock. In a world whose clock cannot be set the stored times
    /// move into the past instead, so that only distances from now may be compared.</summary>
    public abstract Task PassAsync(TimeSpan span);

    /// <summary>Opens the feed of one more client.</summary>
    public abstract Task<IChangeFeed> OpenFeedAsync();

    // ---- The host application ------------------------------------------------------------------------------------

    public abstract Task<Guid> CreateUserAsync(string tier = "free", string status = "active", DateTime? expiresAt = null, Guid? id = null);

    public abstract Task CreateAccountAsync(Guid userId);

    public abstract Task SetTierAsync(Guid userId, string tier);

    public abstract Task SetStatusAsync(Guid userId, string status);

    public abstract Task SetExpiryAsync(Guid userId, DateTime? expiresAt);

    public abstract Task MoveSubscriptionAsync(Guid userId, Guid? to);

    public abstract Task DeleteSubscriptionAsync(Guid userId);

    /// <summary>Empties the table with the triggers off.</summary>
    public abstract Task LoseSubscriptionsAsync();

    public abstract Task DeleteUserAsync(Guid userId);

    public abstract Task EnableTriggerAsync(bool enabled);

    /// <summary>A row as the old provisioning function left it.</summary>
    /// <param name="inherited">It stood there when our migration ran.</param>
    public abstract Task<Guid> PlantRowAsync(
        Guid userId, string appName, string status = "active", DateTime? deletedAt = null, bool inherited = false);

    // ---- An operator ---------------------------------------------------------------------------------------------

    public abstract Task SetSpecAsync(Guid userId, string? json);

    public abstract Task<bool> PauseAsync(Guid userId, string owner, string reason, DateTime? until = null);

    public abstract Task<bool> UnpauseAsync(Guid userId);

    public abstract Task<bool> ForceAsync(Guid userId);

    /// <summary>Writes one column of the user's row by hand.</summary>
    public abstract Task EditRowAsync(Guid userId, string column, object? value);

    /// <summary>No write of this user's row is allowed from now on.</summary>
    public abstract Task ForbidRowAsync(Guid userId);

    // ---- What is stored, past the store --------------------------------------------------------------------------

    /// <summary>The tier as the row has it; null without a row.</summary>
    public abstract Task<string?> RowTierAsync(Guid userId);

    /// <summary>Differs whenever the user's row was written, even with the same values.</summary>
    public abstract Task<string> RowVersionAsync(Guid userId);

    /// <summary>The host's audit log of one row.</summary>
    public abstract Task<IReadOnlyList<SeenEvent>> AppEventsAsync(Guid rowId);

    /// <summary>Our own journal of one user.</summary>
    public abstract Task<IReadOnlyList<SeenEvent>> JournalAsync(Guid userId);

    /// <summary>Everything but the leases.</summary>
    public abstract Task<string> DumpAsync();

    // ---- Shorthands ----------------------------------------------------------------------------------------------

    /// <summary>Signs up a paying user; the trigger makes the row.</summary>
    public async Task<UserApp> PayingUserAsync(string tier = "pro") => await UserAsync(await CreateUserAsync(tier));

    public async Task<UserApp> UserAsync(Guid userId) =>
        await Store.ReadUserAsync(userId, default) ?? throw new InvalidOperationException($"user {userId} is not there");

    public async Task<AppSummary> SummaryAsync(Guid userId) =>
        (await Store.ReadSummariesAsync(default)).Single(summary => summary.UserId == userId);

    public Task OwnAsync(UserApp user, OwnershipOrigin origin = OwnershipOrigin.Created) =>
        Store.RecordOwnershipAsync(Lease, user.AppName, user.UserId, "vyx", origin, default);

    public Task<IReadOnlyList<Guid>> WriteAsync(params StatusWrite[] writes) => Store.WriteStatusesAsync(Lease, writes, default);

    /// <summary>Writes that the row is observed as it is: nothing is pending any more.</summary>
    public Task SettleAsync(UserApp user) => WriteAsync(Writes.Of(user));
}
