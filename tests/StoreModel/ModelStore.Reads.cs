namespace StoreModel;

internal sealed partial class ModelStore
{
    public Task<IReadOnlyList<AppSummary>> ReadSummariesAsync(CancellationToken cancellationToken) =>
        Answers.Of<IReadOnlyList<AppSummary>>(() =>
        {
            var now = database.Now;
            var summaries = new List<AppSummary>(Tables.Apps.Count + 4);
            foreach (var app in Tables.Apps.Rows)
            {
                var tier = database.Tiers.EffectiveTier(app.UserId, now);
                var live = app.DeletedAt is null || OwnershipOf(app) is { ReleasedAt: null } || HasIntent(app.UserId)
                    || (app.Status != "deleted" && app.ObservedGeneration > 0);
                summaries.Add(new AppSummary(
                    app.UserId, app.AppName, tier, tier != Tiers.Free, live, IsSettled(app, now), app.MachineId, app.Fingerprint,
                    WishedRevision(app.UserId)));
            }
            foreach (var record in VanishedRecords())
            {
                summaries.Add(new AppSummary(
                    record.UserId, record.AppName, Tiers.Free, Run: false, Live: true, Settled: false, record.MachineId, 0));
            }
            foreach (var intent in VanishedIntents())
                summaries.Add(new AppSummary(intent.UserId, intent.AppName, Tiers.Free, Run: false, Live: true, Settled: false, null, 0));
            foreach (var record in FormerRecords())
            {
                summaries.Add(new AppSummary(
                    record.UserId, record.AppName, Tiers.Free, Run: false, Live: true, Settled: true, null, 0, Former: true));
            }
            summaries.Sort(static (one, other) => string.CompareOrdinal(one.AppName, other.AppName) is not 0 and var compared
                ? compared
                : one.UserId.CompareTo(other.UserId));
            return summaries;
        }, cancellationToken);

    public Task<UserApp?> ReadUserUnderLeaseAsync(LeaseToken lease, Guid userId, CancellationToken cancellationToken) =>
        Write(nameof(ReadUserUnderLeaseAsync), lease, _ => FindUser(userId), cancellationToken);

    public Task<UserApp?> ReadUserAsync(Guid userId, CancellationToken cancellationToken) => Answers.Of(() => FindUser(userId), cancellationToken);

    private UserApp? FindUser(Guid userId)
    {
        if (Tables.Apps.Find(userId) is { } app)
            return User(app, database.Now);
        foreach (var record in VanishedRecords())
        {
            if (record.UserId == userId)
                return User(record);
        }
        foreach (var intent in VanishedIntents())
        {
            if (intent.UserId == userId)
                return User(intent);
        }
        return null;
    }

    public Task<IReadOnlyList<UserApp>> ReadAllUsersAsync(CancellationToken cancellationToken) =>
        Answers.Of<IReadOnlyList<UserApp>>(() =>
        {
            var now = database.Now;
            var users = new List<UserApp>(Tables.Apps.Count + 4);
            foreach (var app in Tables.Apps.Rows)
                users.Add(User(app, now));
            foreach (var record in VanishedRecords())
                users.Add(User(record));
            foreach (var intent in VanishedIntents())
                users.Add(User(intent));
            users.Sort(static (one, other) => string.CompareOrdinal(one.AppName, other.AppName) is not 0 and var compared
                ? compared
                : one.UserId.CompareTo(other.UserId));
            return users;
        }, cancellationToken);

    public Task<IReadOnlyList<RowlessUser>> ReadRowlessUsersAsync(CancellationToken cancellationToken) =>
        Answers.Of<IReadOnlyList<RowlessUser>>(() =>
        {
            var now = database.Now;
            var users = new List<RowlessUser>();
            foreach (var subscription in Tables.Subscriptions.Rows)
            {
                var tier = database.Tiers.EffectiveTier(subscription.UserId, now);
                if (tier != Tiers.Free && Tables.Apps.Find(subscription.UserId) is null)
                    users.Add(new RowlessUser(subscription.UserId, tier));
            }
            return users;
        }, cancellationToken);

    public Task<IReadOnlyDictionary<string, Guid>> FindUsersAsync(
        IReadOnlyCollection<string> idsOrAppNames, CancellationToken cancellationToken) =>
        Answers.Of<IReadOnlyDictionary<string, Guid>>(() =>
        {
            var names = idsOrAppNames.ToHashSet(StringComparer.Ordinal);
            var ids = idsOrAppNames.Where(static text => Guid.TryParse(text, out _)).ToLookup(static text => Guid.Parse(text));
            var known = Tables.Apps.Select(static app => (app.AppName, app.UserId))
                .Concat(Tables.Ownership.Where(static record => record.ReleasedAt is null)
                    .Select(static record => (record.AppName, record.UserId)))
                .Concat(Tables.Intents.Select(static intent => (intent.AppName, intent.UserId)))
                .Where(user => names.Contains(user.AppName) || ids.Contains(user.UserId))
                .OrderBy(static user => user.AppName, StringComparer.Ordinal).ThenBy(static user => user.UserId);

            var found = new Dictionary<string, Guid>(StringComparer.Ordinal);
            foreach (var (appName, userId) in known)
            {
                if (names.Contains(appName))
                    found[appName] = userId;
                foreach (var text in ids[userId])
                    found[text] = userId;
            }
            return found;
        }, cancellationToken);

    public Task<IReadOnlyList<PendingUser>> ReadPendingAsync(CancellationToken cancellationToken) =>
        Answers.Of<IReadOnlyList<PendingUser>>(() =>
        {
            var now = database.Now;
            var pending = new SortedDictionary<Guid, PendingReason>();
            foreach (var app in Tables.Apps.Rows)
            {
                if (app.Generation != app.ObservedGeneration)
                    pending.Add(app.UserId, PendingReason.NewGeneration);
                else if (app.NextAttemptAt <= now)
                    pending.Add(app.UserId, PendingReason.RetryDue);
            }
            foreach (var record in Tables.Ownership.Rows)
            {
                if (record.ReleasedAt is null && record.NextAttemptAt <= now && Tables.Apps.Find(record.UserId) is null)
                    pending.TryAdd(record.UserId, PendingReason.RetryDue);
            }
            return pending.Count == 0 ? [] : [.. pending.Select(static user => new PendingUser(user.Key, user.Value))];
        }, cancellationToken);

    public Task<Census> ReadCensusAsync(CancellationToken cancellationToken) => Answers.Of(() =>
    {
        var now = database.Now;
        var (entitled, owned) = (0, 0);
        foreach (var subscription in Tables.Subscriptions.Rows)
            entitled += database.Tiers.EffectiveTier(subscription.UserId, now) != Tiers.Free ? 1 : 0;
        foreach (var record in Tables.Ownership.Rows)
            owned += record.ReleasedAt is null ? 1 : 0;
        return new Census(entitled, owned, Tables.Apps.Count);
    }, cancellationToken);

    private bool IsSettled(AppRow app, DateTime now) =>
        app.Generation == app.ObservedGeneration
        && (app.NextAttemptAt is null || app.NextAttemptAt > now)
        && app.Spec is null
        && !app.PausedAt(now)
        && !HasIntent(app.UserId);

    private bool HasIntent(Guid userId)
    {
        foreach (var intent in Tables.Intents.Rows)
        {
            if (intent.UserId == userId)
                return true;
        }
        return false;
    }

    private OwnershipRow? OwnershipOf(AppRow app) =>
        Tables.Ownership.Find(app.AppName) is { } record && record.UserId == app.UserId ? record : null;

    /// <summary>The newest unreleased record of each user without a row.</summary>
    private List<OwnershipRow> VanishedRecords()
    {
        var newest = new List<OwnershipRow>();
        foreach (var record in Tables.Ownership.Rows) // by name, so that the first of equally old ones stays
        {
            if (record.ReleasedAt is not null || Tables.Apps.Find(record.UserId) is not null)
                continue;
            var at = newest.FindIndex(other => other.UserId == record.UserId);
            if (at < 0)
                newest.Add(record);
            else if (record.AcquiredAt > newest[at].AcquiredAt)
                newest[at] = record;
        }
        return newest;
    }

    /// <summary>The newest intent of each user of whom nothing else is left.</summary>
    private List<CreateIntent> VanishedIntents()
    {
        var newest = new List<CreateIntent>();
        foreach (var intent in Tables.Intents.Rows) // by launch id, so that the first of equally old ones stays
        {
            if (Tables.Apps.Find(intent.UserId) is not null || OwnsAnything(intent.UserId))
                continue;
            var at = newest.FindIndex(other => other.UserId == intent.UserId);
            if (at < 0)
                newest.Add(intent);
            else if (intent.CreatedAt > newest[at].CreatedAt)
                newest[at] = intent;
        }
        return newest;
    }

    private (long Apps, HashSet<string> Names) _names = (-1, []);
    private (long Apps, long Ownership, IReadOnlyList<OwnershipRow> Records) _former = (-1, -1, []);

    /// <summary>Unreleased records of users with a row, under names that no row has. Kept until a name or a record changes: each reading of
    /// a user needs them.</summary>
    private IReadOnlyList<OwnershipRow> FormerRecords()
    {
        if (_former.Apps == Tables.Apps.Shapes && _former.Ownership == Tables.Ownership.Shapes)
            return _former.Records;
        var names = Names();
        List<OwnershipRow> former = [];
        foreach (var record in Tables.Ownership.Rows)
        {
            if (record.ReleasedAt is null && !names.Contains(record.AppName) && Tables.Apps.Find(record.UserId) is not null)
                former.Add(record);
        }
        _former = (Tables.Apps.Shapes, Tables.Ownership.Shapes, former);
        return former;
    }

    private HashSet<string> Names()
    {
        if (_names.Apps != Tables.Apps.Shapes)
            _names = (Tables.Apps.Shapes, Tables.Apps.Select(static app => app.AppName).ToHashSet(StringComparer.Ordinal));
        return _names.Names;
    }

    private IReadOnlyList<string> FormerAppsOf(Guid userId) =>
        FormerRecords().Count == 0 && !HasIntent(userId) ? [] :
        [
            .. FormerRecords().Where(record => record.UserId == userId).Select(static record => record.AppName)
                .Union(IntentsOf(userId).Select(static intent => intent.AppName).Where(name => !Names().Contains(name)))
                .Order(StringComparer.Ordinal),
        ];

    private bool OwnsAnything(Guid userId)
    {
        foreach (var record in Tables.Ownership.Rows)
        {
            if (record.UserId == userId && record.ReleasedAt is null)
                return true;
        }
        return false;
    }

    private UserApp User(AppRow app, DateTime now) => new()
    {
        UserId = app.UserId, ReadAt = now, RowId = app.RowId, AppName = app.AppName, OrgSlug = app.OrgSlug,
        Tier = database.Tiers.EffectiveTier(app.UserId, now), Status = app.Status, HealthStatus = app.HealthStatus, Region = app.Region,
        DockerImage = app.DockerImage, CpuCount = app.CpuCount, MemoryMb = app.MemoryMb, DeployedAt = app.DeployedAt,
        LastHealthCheck = app.LastHealthCheck, ErrorMessage = app.ErrorMessage, RetryCount = app.RetryCount ?? 0,
        MonthlyCostUsd = app.MonthlyCostUsd, DeletedAt = app.DeletedAt, MachineId = app.MachineId, Generation = app.Generation,
        ObservedGeneration = app.ObservedGeneration, Conditions = app.Conditions, ControllerState = app.ControllerState,
        Fingerprint = app.Fingerprint, Spec = app.Spec, Paused = app.PausedAt(now), PauseOwner = app.PauseOwner,
        PauseReason = app.PauseReason, PausedUntil = app.PausedUntil, NextAttemptAt = app.NextAttemptAt,
        LastErrorClass = app.LastErrorClass, Ownership = OwnershipOf(app)?.ToOwnership(), Intents = IntentsOf(app.UserId),
        Revision = WishedRevision(app.UserId), FormerApps = FormerAppsOf(app.UserId),
    };

    private UserApp User(OwnershipRow record) => new()
    {
        UserId = record.UserId, ReadAt = database.Now, AppName = record.AppName, OrgSlug = record.OrgSlug, Tier = Tiers.Free, Status = record.Status,
        HealthStatus = record.HealthStatus, Region = "", DockerImage = "", ErrorMessage = record.ErrorMessage,
        RetryCount = record.RetryCount, MachineId = record.MachineId, Conditions = record.Conditions,
        ControllerState = record.ControllerState, NextAttemptAt = record.NextAttemptAt, LastErrorClass = record.LastErrorClass,
        Ownership = record.ToOwnership(), Intents = IntentsOf(record.UserId),
    };

    private UserApp User(CreateIntent intent) => new()
    {
        UserId = intent.UserId, ReadAt = database.Now, AppName = intent.AppName, OrgSlug = Tables.Settings.Defaults.OrgSlug, Tier = Tiers.Free,
        Status = "deprovisioning", Region = "", DockerImage = "", Intents = IntentsOf(intent.UserId),
    };

    private IReadOnlyList<CreateIntent> IntentsOf(Guid userId) =>
        HasIntent(userId)
            ? [.. Tables.Intents.Where(intent => intent.UserId == userId).OrderBy(static intent => intent.CreatedAt)]
            : [];
}
