using Store;

namespace Reconciler.Rollouts;

/// <summary>Where a rollout stands, for people: <c>rollout status</c> and the console.</summary>
internal sealed record ShownRollout(
    string Phase,
    int? Wave,
    ShownRevision? Stable,
    ShownRevision? Candidate,
    DateTimeOffset? StartedAt,
    DateTimeOffset? MovedAt,
    DateTimeOffset? SoakUntil,
    bool Promoted,
    ShownPause? Pause,
    string? Why,
    int Fleet,
    IReadOnlyDictionary<string, int> Running,
    IReadOnlyList<ShownMark> Users)
{
    public static ShownRollout None { get; } =
        new(nameof(RolloutPhase.Idle), null, null, null, null, null, null, false, null, null, 0, new Dictionary<string, int>(), []);

    /// <exception cref="StoreSchemaException">Somebody edited it into something that cannot be read.</exception>
    public static ShownRollout Of(RolloutBoard board)
    {
        if (board.Version == 0)
        {
            return None;
        }

        var state = RolloutJson.ReadState(board.State);
        var known = board.Revisions.ToDictionary(r => r.Id, StringComparer.Ordinal);
        var marks = board.Users.Where(u => u.Mark is not null).Select(u => new ShownMark(
            u.UserId, u.AppName, u.Mark!.Revision, u.Runs, u.Mark.Wave, u.Mark.Verdict, u.Mark.Why)).ToArray();
        return new ShownRollout(
            state.Phase.ToString(),
            state.IsUnderWay ? state.Wave : null,
            ShownRevision.Of(known, board.Stable),
            ShownRevision.Of(known, board.Candidate),
            state.IsUnderWay ? state.StartedAt : null,
            state.MovedAt,
            state.SoakUntil,
            state.Promoted,
            state.Pause is { } pause ? new ShownPause(pause.Owner, pause.Reason, pause.Until) : null,
            state.Why,
            board.Users.Count(u => u.Entitled),
            board.Users.Where(u => u.Entitled).GroupBy(u => u.Runs ?? "unknown", StringComparer.Ordinal)
                .OrderBy(g => g.Key, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Count(), StringComparer.Ordinal),
            marks);
    }
}

internal sealed record ShownRevision(string Id, string Image, string Region, string SecretsDigest, string Verdict, string? Evidence, string StartedBy)
{
    public static ShownRevision? Of(Dictionary<string, RevisionRow> known, string? id)
    {
        if (id is null || known.GetValueOrDefault(id) is not { } row)
        {
            return null;
        }

        var revision = RolloutJson.ReadRevision(row);
        return new ShownRevision(id, revision.ImageLabel, revision.Region, revision.SecretsDigest, row.Verdict, row.Evidence, row.StartedBy);
    }
}

internal sealed record ShownPause(string Owner, string Reason, DateTimeOffset? Until);

internal sealed record ShownMark(Guid UserId, string App, string Revision, string? Runs, int Wave, string Verdict, string Why);
