using System.Text.Json;

namespace StoreModel;

internal sealed partial class ModelStore
{
    public Task<RolloutBoard> ReadRolloutAsync(string? revision, bool withUsers, CancellationToken cancellationToken) =>
        Answers.Of(() =>
        {
            var row = Tables.Rollout.Find(RolloutRow.Key);
            return new RolloutBoard(
                row?.Version ?? 0, row?.Stable, row?.Candidate, row?.State ?? "{}",
                [.. Tables.Revisions.Where(r => r.Id == revision || r.Id == row?.Stable || r.Id == row?.Candidate)],
                [.. Tables.RolloutOrders.Where(static order => order.Answer is null)],
                withUsers ? RolloutUsers() : []);
        }, cancellationToken);

    public Task<RevisionRow?> ReadRevisionAsync(string id, CancellationToken cancellationToken) =>
        Answers.Of(() => Tables.Revisions.Find(id), cancellationToken);

    public Task<bool> WriteRolloutAsync(LeaseToken lease, RolloutWrite write, CancellationToken cancellationToken) =>
        Write(nameof(WriteRolloutAsync), lease, transaction =>
        {
            var row = Tables.Rollout.Find(RolloutRow.Key);
            if ((row?.Version ?? 0) != write.Expected)
                return false;
            foreach (var revision in write.Revisions)
                PutRevision(revision);
            Tables.Rollout.Put(new RolloutRow(write.Expected + 1, write.Stable, write.Candidate, Jsonb.Text(PgText.CleanJson(write.State))));
            foreach (var mark in write.Marks)
                MakeDue(transaction, mark);
            foreach (var userId in write.UnmarkAll ? [.. Tables.RolloutUsers.Select(static mark => mark.UserId)] : write.Unmarked)
                Tables.RolloutUsers.Remove(userId);
            foreach (var mark in write.Marks)
                Tables.RolloutUsers.Put(Stored(mark));
            foreach (var entry in write.Entries)
            {
                Tables.RolloutHistory.Add(entry with
                {
                    At = transaction.Now, Owner = PgText.Clean(entry.Owner), Message = PgText.Clean(entry.Message),
                });
            }
            foreach (var (id, answer) in write.Answers)
            {
                if (Tables.RolloutOrders.Find(id) is { Answer: null } order)
                    Tables.RolloutOrders.Put(order with { Answer = PgText.Clean(answer) });
            }
            return true;
        }, cancellationToken);

    public Task<long> AskRolloutAsync(RolloutAsk ask, CancellationToken cancellationToken) =>
        Write(nameof(AskRolloutAsync), null, _ =>
        {
            if (ask.Kind is not ("pause" or "resume" or "promote" or "abort" or "retry"))
                throw Refusals.Check("rollout_orders", "rollout_orders_kind_check");
            var id = Tables.RolloutOrders.Count + 1L; // nothing is ever removed
            var stored = ask with { Owner = PgText.Clean(ask.Owner), Reason = PgText.Clean(ask.Reason), Until = PgTime.Stored(ask.Until) };
            Tables.RolloutOrders.Put(new RolloutOrder(id, stored, null));
            return id;
        }, cancellationToken);

    public Task<string?> ReadRolloutAnswerAsync(long order, CancellationToken cancellationToken) =>
        Answers.Of(() => Tables.RolloutOrders.Find(order)?.Answer, cancellationToken);

    public Task<IReadOnlyList<RolloutEntry>> ReadRolloutHistoryAsync(int limit, CancellationToken cancellationToken) =>
        Answers.Of<IReadOnlyList<RolloutEntry>>(() => [.. Tables.RolloutHistory.Reverse().Take(limit)], cancellationToken);

    private string? WishedRevision(Guid userId) =>
        Tables.RolloutUsers.Find(userId)?.Revision ?? Tables.Rollout.Find(RolloutRow.Key)?.Stable;

    private void PutRevision(RevisionRow revision)
    {
        var row = revision with
        {
            Content = Jsonb.Text(PgText.CleanJson(revision.Content)),
            Evidence = PgText.CleanOrNull(revision.Evidence),
            StartedBy = PgText.Clean(revision.StartedBy),
        };
        Tables.Revisions.Put(Tables.Revisions.Find(revision.Id) is { } known ? row with { StartedBy = known.StartedBy } : row);
    }

    private void MakeDue(Transaction transaction, RolloutMark mark)
    {
        if (Tables.RolloutUsers.Find(mark.UserId)?.Revision == mark.Revision || Tables.Apps.Find(mark.UserId) is not { RetryCount: > 0 } app)
            return;
        database.AppWrites.Update(
            transaction, app, app with { NextAttemptAt = null, RetryCount = 0, LastErrorClass = null, UpdatedAt = transaction.Now });
    }

    private static RolloutMark Stored(RolloutMark mark) => mark with
    {
        AdmittedAt = PgTime.Stored(mark.AdmittedAt), DeadlineFrom = PgTime.Stored(mark.DeadlineFrom),
        ProvingSince = PgTime.Stored(mark.ProvingSince), Why = PgText.Clean(mark.Why),
    };

    private List<RolloutUser> RolloutUsers()
    {
        var now = database.Now;
        var users = new List<RolloutUser>();
        foreach (var app in Tables.Apps.Rows)
        {
            var mark = Tables.RolloutUsers.Find(app.UserId);
            var tier = database.Tiers.EffectiveTier(app.UserId, now);
            var entitled = tier != Tiers.Free && app.DeletedAt is null;
            if (mark is null && !entitled)
                continue;
            users.Add(new RolloutUser
            {
                UserId = app.UserId, AppName = app.AppName, Tier = tier, Entitled = entitled, Paused = app.PausedAt(now), OwnImage = Has(app.Spec, "image"),
                Status = app.Status, HealthStatus = app.HealthStatus, MachineId = app.MachineId, Converged = app.Fingerprint != 0,
                Runs = Text(app.ControllerState, "revision"), Target = Text(app.ControllerState, "target"), LastErrorClass = app.LastErrorClass,
                Conditions = mark is null ? null : app.Conditions, ControllerState = mark is null ? null : app.ControllerState, Mark = mark,
            });
        }
        foreach (var mark in Tables.RolloutUsers.Rows)
        {
            if (Tables.Apps.Find(mark.UserId) is not null)
                continue;
            users.Add(new RolloutUser
            {
                UserId = mark.UserId, AppName = "", Tier = Tiers.Free, Entitled = false, Paused = false, OwnImage = false, Status = "deleted", HealthStatus = null,
                MachineId = null, Converged = false, Runs = null, Target = null, LastErrorClass = null, Conditions = null,
                ControllerState = null, Mark = mark,
            });
        }
        users.Sort(static (one, other) => string.CompareOrdinal(one.UserId.ToString(), other.UserId.ToString()));
        return users;
    }

    private static bool Has(string? json, string name)
    {
        if (json is null)
            return false;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out _);
    }

    private static string? Text(string json, string name)
    {
        if (!json.Contains($"\"{name}\"", StringComparison.Ordinal))
            return null;
        using var document = JsonDocument.Parse(json);
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
    }
}
