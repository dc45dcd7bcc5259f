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
        var shown = ShownRollout.Of(board);
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

internal sealed record ShownEntry(DateTime At, string Action, string Revision, string Owner, string Message);

[JsonSerializable(typeof(ShownRollout))]
[JsonSerializable(typeof(ShownEntry[]))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class RolloutShownJson : JsonSerializerContext;
