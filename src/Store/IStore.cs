namespace Store;

/// <summary>
/// The database port. One method is one transaction, so that a crash falls between methods and never inside one.
/// Writes carry the <see cref="LeaseToken"/> of the leader: the database rejects them with
/// <see cref="StaleEpochException"/> when another leader has taken over. Connection trouble is a <see cref="StoreUnavailableException"/>.
/// A text with NUL or half a surrogate pair, which PostgreSQL cannot store, is an <see cref="ArgumentException"/>; in a status or a
/// JSON document it becomes U+FFFD instead, so that one user's text does not hold up the others'.
/// </summary>
public interface IStore
{
    // ---- Observe -------------------------------------------------------------------------------------------------

    /// <summary>What a no-drift pass needs of every user, compactly, ordered by app name (ordinal). One SELECT.</summary>
    Task<IReadOnlyList<AppSummary>> ReadSummariesAsync(CancellationToken cancellationToken);

    /// <summary>One user in full; null when neither a row nor an unreleased ownership record nor an intent names the user.
    /// A user whose row vanished (cascade) comes back with <see cref="UserApp.RowId"/> null and <see cref="UserApp.Tier"/> <c>free</c>.</summary>
    Task<UserApp?> ReadUserAsync(Guid userId, CancellationToken cancellationToken);

    /// <summary>The same, proven to be of now: read where the lease is held, so that no replica and no primary of before answers.
    /// For what cannot be taken back.</summary>
    Task<UserApp?> ReadUserUnderLeaseAsync(LeaseToken lease, Guid userId, CancellationToken cancellationToken);

    /// <summary>Every user in full, vanished ones included, ordered by app name (ordinal).</summary>
    Task<IReadOnlyList<UserApp>> ReadAllUsersAsync(CancellationToken cancellationToken);

    /// <summary>Entitled users without a row: the trigger missed them, and the next <see cref="SyncTiersAsync"/> gives them one.</summary>
    Task<IReadOnlyList<RowlessUser>> ReadRowlessUsersAsync(CancellationToken cancellationToken);

    /// <summary>Resolves user ids and app names as an operator writes them. Unknown ones are missing from the answer.</summary>
    Task<IReadOnlyDictionary<string, Guid>> FindUsersAsync(IReadOnlyCollection<string> idsOrAppNames, CancellationToken cancellationToken);

    /// <summary>Users whose desired state has a generation nobody has observed yet, and users whose retry is due: the truth behind NOTIFY.</summary>
    Task<IReadOnlyList<PendingUser>> ReadPendingAsync(CancellationToken cancellationToken);

    /// <summary>How many users should run, and how many apps we own: the input of the shrink tripwire.</summary>
    Task<Census> ReadCensusAsync(CancellationToken cancellationToken);

    // ---- Desired state -------------------------------------------------------------------------------------------

    /// <summary>Level-triggered repair of what the trigger missed: rows for entitled users without one, tiers that differ from the
    /// subscription (expiry included). Touches only what differs; returns the users touched. A thousand users are one transaction.
    /// Subscriptions that read as empty beside paid rows are a <see cref="StoreSchemaException"/>: row-level security hides them.</summary>
    Task<IReadOnlyList<Guid>> SyncTiersAsync(LeaseToken lease, CancellationToken cancellationToken);

    /// <summary>Tells the trigger what to write into rows it inserts.</summary>
    Task WriteDefaultsAsync(LeaseToken lease, RowDefaults defaults, CancellationToken cancellationToken);

    /// <summary>Moves a user to another app name. False when the row no longer has the old name; throws
    /// <see cref="AppNameInUseException"/> when another row has the new one.</summary>
    Task<bool> RenameAppAsync(LeaseToken lease, Guid userId, string oldName, string newName, CancellationToken cancellationToken);

    // ---- Ownership, election, intents ----------------------------------------------------------------------------

    /// <summary>Records that the app is ours. Repeating is harmless; a released record becomes live again.
    /// <see cref="AppNameInUseException"/> when an unreleased record says that it is another user's.</summary>
    Task RecordOwnershipAsync(LeaseToken lease, string appName, Guid userId, string orgSlug, OwnershipOrigin origin, CancellationToken cancellationToken);

    /// <summary>Records that the app is gone; the record stays, so that a late create is still known as ours.</summary>
    Task ReleaseOwnershipAsync(LeaseToken lease, string appName, CancellationToken cancellationToken);

    /// <summary>
    /// Compare-and-set of the one machine that may run for this user: succeeds only when the elected machine is still
    /// <paramref name="expected"/> (null = none). A null <paramref name="elected"/> un-elects. Works for vanished rows too.
    /// </summary>
    Task<bool> ElectMachineAsync(LeaseToken lease, Guid userId, string appName, string? expected, string? elected, CancellationToken cancellationToken);

    /// <summary>Written before a create call, so that a crash in between is found. One that stands is written anew: the call that may
    /// still land is the latest.</summary>
    Task OpenIntentAsync(LeaseToken lease, CreateIntent intent, CancellationToken cancellationToken);

    /// <summary>Removes an intent whose outcome is known. Unknown ids are ignored.</summary>
    Task CloseIntentAsync(LeaseToken lease, string launchId, CancellationToken cancellationToken);

    // ---- Report --------------------------------------------------------------------------------------------------

    /// <summary>
    /// Writes statuses and their events in one statement each, in one transaction. Rows that already say the same are not touched.
    /// Returns the users whose row changed. A status never clears <c>deleted_at</c>; and one that would set it is skipped as a whole
    /// when the row's generation is no longer <see cref="StatusWrite.ObservedGeneration"/>, because somebody wants the app back:
    /// its user is then not in the answer. Events are written in either case. The status of a user without a row goes into the
    /// ownership record, the events into <c>fly_reconciler.events</c>. When the database refuses a value, the statuses are written one
    /// by one and those refused are reported by a <see cref="StatusRejectedException"/>.
    /// </summary>
    Task<IReadOnlyList<Guid>> WriteStatusesAsync(LeaseToken lease, IReadOnlyList<StatusWrite> writes, CancellationToken cancellationToken);

    // ---- Fleet state and guards ----------------------------------------------------------------------------------

    /// <summary>A JSON document of the fleet's, or null.</summary>
    Task<string?> ReadFleetStateAsync(string key, CancellationToken cancellationToken);

    Task WriteFleetStateAsync(LeaseToken lease, string key, string json, CancellationToken cancellationToken);

    /// <summary>A document that is written once and then read by everyone: returns what is stored after the call.</summary>
    Task<string> GetOrCreateFleetStateAsync(string key, string json, CancellationToken cancellationToken);

    /// <summary>Takes one destruction from the hour's budget, atomically. Drawing again for the same subject within the hour is free,
    /// so a step repeated after a crash does not pay twice; its hour then begins anew, because what it paid for happens now.</summary>
    Task<BudgetDraw> TryDrawDestroyAsync(LeaseToken lease, string subject, int limitPerHour, CancellationToken cancellationToken);

    /// <summary>How much of the hour's budget is used.</summary>
    Task<int> ReadDestroysLastHourAsync(CancellationToken cancellationToken);

    // ---- Rollouts ------------------------------------------------------------------------------------------------

    /// <summary>Where the rollout stands.</summary>
    /// <param name="revision">A revision to read beside the stable one and the candidate; null = none.</param>
    /// <param name="withUsers">Everybody, or nobody: a fleet at rest needs no users to be read.</param>
    Task<RolloutBoard> ReadRolloutAsync(string? revision, bool withUsers, CancellationToken cancellationToken);

    /// <summary>A revision by its id; null when it was never recorded.</summary>
    Task<RevisionRow?> ReadRevisionAsync(string id, CancellationToken cancellationToken);

    /// <summary>False, and nothing written, when somebody has written since <see cref="RolloutWrite.Expected"/> was read. Whoever is
    /// marked with another revision than before is due at once: a wait for the old one's failure says nothing of the new one.</summary>
    Task<bool> WriteRolloutAsync(LeaseToken lease, RolloutWrite write, CancellationToken cancellationToken);

    /// <summary>Leaves an order for the leader and returns its id. Needs no lease.</summary>
    Task<long> AskRolloutAsync(RolloutAsk ask, CancellationToken cancellationToken);

    /// <summary>The answer to an order; null while there is none.</summary>
    Task<string?> ReadRolloutAnswerAsync(long order, CancellationToken cancellationToken);

    /// <summary>The last lines of the history, the newest first.</summary>
    Task<IReadOnlyList<RolloutEntry>> ReadRolloutHistoryAsync(int limit, CancellationToken cancellationToken);
}

/// <summary>The leader's lease: one row, on the database's clock, with an epoch that grows with each change of holder.</summary>
public interface ILeaseStore
{
    /// <summary>Takes the lease if it is free, expired or already ours; otherwise tells who holds it.</summary>
    Task<LeaseAttempt> TryAcquireAsync(string leaseName, string holder, TimeSpan ttl, CancellationToken cancellationToken);

    /// <summary>Extends the lease; false when it is no longer ours.</summary>
    Task<bool> RenewAsync(LeaseToken token, TimeSpan ttl, CancellationToken cancellationToken);

    /// <summary>Gives the lease back at once and notifies standbys. Losing it already is not an error.</summary>
    Task ReleaseAsync(LeaseToken token, CancellationToken cancellationToken);

    Task<LeaseRow?> ReadAsync(string leaseName, CancellationToken cancellationToken);
}

/// <summary>Changes of desired state as hints. The truth is <see cref="IStore.ReadPendingAsync"/> and the periodic full read.</summary>
public interface IChangeFeed
{
    /// <summary>True while a heartbeated LISTEN connection is up; false where LISTEN is unavailable (transaction poolers).</summary>
    bool IsListening { get; }

    /// <summary>Yields until cancelled; never throws for connection trouble. Each (re)connect yields <see cref="ChangeHint.Everything"/> first.</summary>
    IAsyncEnumerable<ChangeHint> WatchAsync(CancellationToken cancellationToken);
}
