using Npgsql;

namespace StoreModel;

internal sealed partial class ModelStore
{
    public Task<IReadOnlyList<Guid>> WriteStatusesAsync(
        LeaseToken lease, IReadOnlyList<StatusWrite> writes, CancellationToken cancellationToken)
    {
        if (writes.Count == 0)
            return Task.FromResult<IReadOnlyList<Guid>>([]);
        return Answers.Of(() =>
        {
            if (writes.Count > 1 && writes.DistinctBy(static write => write.UserId).Count() != writes.Count)
                throw new ArgumentException("a user has two statuses in one call", nameof(writes));
            try
            {
                return WriteTogether(lease, writes);
            }
            catch (PostgresException error) when (IsRefusedValue(error))
            {
                return WriteOneByOne(lease, writes);
            }
        }, cancellationToken);
    }

    private IReadOnlyList<Guid> WriteOneByOne(LeaseToken lease, IReadOnlyList<StatusWrite> writes)
    {
        var written = new List<Guid>();
        var rejected = new Dictionary<Guid, string>();
        foreach (var write in writes)
        {
            try
            {
                written.AddRange(WriteTogether(lease, [write]));
            }
            catch (PostgresException error) when (IsRefusedValue(error))
            {
                rejected.Add(write.UserId, error.ConstraintName is { } constraint
                    ? $"the check {constraint} of {error.TableName} does not allow a value"
                    : $"{error.MessageText} ({error.SqlState})");
            }
        }
        return rejected.Count == 0 ? written : throw new StatusRejectedException(rejected, written);
    }

    private IReadOnlyList<Guid> WriteTogether(LeaseToken lease, IReadOnlyList<StatusWrite> writes) =>
        database.Commit<IReadOnlyList<Guid>>(nameof(WriteStatusesAsync), lease, transaction =>
        {
            var ordered = writes.Count == 1 ? writes : [.. writes.OrderBy(static write => write.UserId)];
            // What can be refused is worked out for all before the first row is written.
            var apps = new List<(AppRow Old, AppRow New)>();
            var records = new List<OwnershipRow>();
            foreach (var write in ordered)
            {
                if (RowWrite(write, transaction.Now) is { } app)
                    apps.Add(app);
                else if (RecordWrite(write) is { } record)
                    records.Add(record);
            }
            var events = Events(ordered, transaction.Now);

            foreach (var write in ordered)
                transaction.Touch(write.UserId);
            var changed = new List<Guid>(apps.Count + records.Count);
            foreach (var (old, row) in apps)
            {
                database.AppWrites.Update(transaction, old, row);
                changed.Add(row.UserId);
            }
            foreach (var record in records)
            {
                Tables.Ownership.Put(record);
                changed.Add(record.UserId);
            }
            foreach (var line in events)
                (line.RowId is null ? Tables.Journal : Tables.AppEvents).Add(line);
            return changed;
        });

    /// <summary>Null when the row says the same, is not there, or has been wanted back or buried since the look.</summary>
    private (AppRow Old, AppRow New)? RowWrite(StatusWrite write, DateTime now)
    {
        if (write.RowId is null || Tables.Apps.Find(write.UserId) is not { } app || app.RowId != write.RowId)
            return null;
        if (write.DeletedAt is not null && app.DeletedAt is null && app.Generation != write.ObservedGeneration)
            return null;
        if (write.DeletedAt is null && app.DeletedAt is not null)
            return null;
        var row = app with
        {
            Status = PgText.Clean(write.Status),
            HealthStatus = PgText.CleanOrNull(write.HealthStatus),
            Region = PgText.Clean(write.Region),
            DockerImage = PgText.Clean(write.DockerImage),
            CpuCount = write.CpuCount,
            MemoryMb = write.MemoryMb,
            DeployedAt = PgTime.Stored(write.DeployedAt),
            LastHealthCheck = PgTime.Stored(write.LastHealthCheck),
            ErrorMessage = PgText.CleanOrNull(write.ErrorMessage),
            RetryCount = write.RetryCount,
            MonthlyCostUsd = Cost(write.MonthlyCostUsd),
            DeletedAt = PgTime.Stored(write.DeletedAt) ?? app.DeletedAt,
            ObservedGeneration = Math.Max(write.ObservedGeneration, app.ObservedGeneration),
            Conditions = Document(write.Conditions, app.Conditions),
            ControllerState = Document(write.ControllerState, app.ControllerState),
            Fingerprint = write.Fingerprint,
            NextAttemptAt = PgTime.Stored(write.NextAttemptAt),
            LastErrorClass = PgText.CleanOrNull(write.LastErrorClass),
        };
        // The record's own comparison is the one of all columns: those that are not written are equal.
        if (row == app)
            return null;
        row = row with { Conditions = Document(write.Conditions), ControllerState = Document(write.ControllerState), UpdatedAt = now };
        database.AppWrites.Check(row);
        return (app, row);
    }

    private OwnershipRow? RecordWrite(StatusWrite write)
    {
        var appName = PgText.Clean(write.AppName);
        if (write.RowId is not null || Tables.Ownership.Find(appName) is not { } record || record.UserId != write.UserId)
            return null;
        var row = record with
        {
            Status = PgText.Clean(write.Status),
            HealthStatus = PgText.CleanOrNull(write.HealthStatus),
            ErrorMessage = PgText.CleanOrNull(write.ErrorMessage),
            RetryCount = write.RetryCount,
            Conditions = Document(write.Conditions, record.Conditions),
            ControllerState = Document(write.ControllerState, record.ControllerState),
            NextAttemptAt = PgTime.Stored(write.NextAttemptAt),
            LastErrorClass = PgText.CleanOrNull(write.LastErrorClass),
        };
        return row == record
            ? null
            : row with { Conditions = Document(write.Conditions), ControllerState = Document(write.ControllerState) };
    }

    private List<EventRow> Events(IReadOnlyList<StatusWrite> writes, DateTime now)
    {
        var lines = new List<EventRow>();
        foreach (var write in writes)
        {
            if (write.Events.Count == 0)
                continue; // finding the row costs a look at each
            var rowId = write.RowId is { } id && (Tables.Apps.Find(write.UserId)?.RowId == id || database.AppWrites.FindById(id) is not null) ? write.RowId : null;
            foreach (var @event in write.Events)
            {
                var type = PgText.Clean(@event.Type);
                if (rowId is not null && !IsEventType(type))
                    throw Refusals.Check("user_fly_app_events", "user_fly_app_events_event_type_check");
                if (rowId is not null && Tables.Accounts.Find(write.UserId) is null)
                {
                    throw PostgresErrors.Translate(
                        "write statuses", null, Refusals.ForeignKey("user_fly_app_events", "user_fly_app_events_user_id_fkey"))!;
                }
                lines.Add(new EventRow(
                    rowId is null ? null : database.NewId(), rowId, write.UserId, rowId is null ? PgText.Clean(write.AppName) : null, type,
                    PgText.Clean(@event.Status), Jsonb.Text(PgText.CleanJson(@event.Metadata)), PgText.CleanOrNull(@event.ErrorDetails),
                    now.AddMicroseconds(lines.Count + 1)));
            }
        }
        return lines;
    }

    /// <summary>The stored text where the value is the same, so that comparing texts compares values. What is written, if anything differs,
    /// is what was sent.</summary>
    private static string Document(string json, string stored)
    {
        var document = Document(json);
        return Jsonb.Same(document, stored) ? stored : document;
    }

    private static string Document(string json) => Jsonb.Text(PgText.CleanJson(json));

    private static decimal? Cost(decimal? cost)
    {
        if (cost is null)
            return null;
        // With its two digits after the point, as the column answers.
        var rounded = decimal.Round(cost.Value, 2, MidpointRounding.AwayFromZero) + 0.00m;
        return Math.Abs(rounded) < 100_000_000m ? rounded : throw Refusals.NumericOverflow();
    }

    private static bool IsEventType(string type) => type is
        "provision_requested" or "provision_started" or "provision_completed" or "provision_failed"
        or "health_check_passed" or "health_check_failed"
        or "deprovision_requested" or "deprovision_started" or "deprovision_completed" or "deprovision_failed"
        or "error_occurred" or "recovery_attempted";

    private static bool IsRefusedValue(PostgresException error) =>
        error.SqlState.StartsWith("22", StringComparison.Ordinal) || error.SqlState.StartsWith("23", StringComparison.Ordinal);
}
