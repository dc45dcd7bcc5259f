using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Rollouts;
using Store;

namespace Reconciler.Cli;

/// <summary><c>rollout status</c>: where the rollout stands, as the database has it.</summary>
internal static class RolloutStatusCommand
{
    public static async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        using var loggers = CommandContext.Loggers();
        await using var stores = CommandContext.OpenStores(CommandContext.ReadDatabaseUrl(), loggers);
        var board = await stores.Store.ReadRolloutAsync(null, withUsers: true, cancellationToken);
        var shown = board.Version == 0 ? ShownRollout.None : Shown(board, RolloutJson.ReadState(board.State));
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(shown, RolloutShownJson.Default.ShownRollout));
        }
        else
        {
            Print(shown);
        }

        return shown is { Phase: nameof(RolloutPhase.Idle), Why: null } ? ExitCodes.Fine : ExitCodes.NotConverged;
    }

    internal static ShownRollout Shown(RolloutBoard board, RolloutState state)
    {
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

    private static void Print(ShownRollout shown)
    {
        Out.Line($"{shown.Phase}{(shown.Wave is { } wave ? wave < 0 ? ", before the canary" : wave == 0 ? ", canary" : $", wave {wave}" : "")}{(shown.Promoted ? ", promoted" : "")}");
        Line("stable", shown.Stable);
        Line("candidate", shown.Candidate);
        if (shown.Why is { } why)
        {
            Out.Line($"  why         {why}");
        }

        if (shown.SoakUntil is { } until)
        {
            Out.Line($"  soaks until {until:yyyy-MM-dd HH:mm:ss} UTC");
        }

        foreach (var (revision, users) in shown.Running)
        {
            Out.Line($"  {users} user(s) run {revision}");
        }

        foreach (var mark in shown.Users.Where(m => m.Verdict != "good"))
        {
            Out.Line($"  {mark.Verdict,-8} {mark.App} (user {mark.UserId}) to {mark.Revision}: {mark.Why}");
        }
    }

    private static void Line(string name, ShownRevision? revision)
    {
        if (revision is not null)
        {
            Out.Line($"  {name,-11} {revision.Id} {revision.Image}, secrets {revision.SecretsDigest}, {revision.Verdict}{(revision.Evidence is null ? "" : ": " + revision.Evidence)}");
        }
    }
}

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

internal sealed record ShownEntry(DateTime At, string Action, string Revision, string Owner, string Message);

[JsonSerializable(typeof(ShownRollout))]
[JsonSerializable(typeof(ShownEntry[]))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class RolloutShownJson : JsonSerializerContext;
