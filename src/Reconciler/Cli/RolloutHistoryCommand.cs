using System.Text.Json;
using Spectre.Console;

namespace Reconciler.Cli;

/// <summary><c>rollout history</c>: what happened, and who or what made it happen.</summary>
internal static class RolloutHistoryCommand
{
    public static async Task<int> RunAsync(int limit, bool json, CancellationToken cancellationToken)
    {
        using var loggers = CommandContext.Loggers();
        await using var stores = CommandContext.OpenStores(CommandContext.ReadDatabaseUrl(), loggers);
        var entries = await stores.Store.ReadRolloutHistoryAsync(Math.Clamp(limit, 1, 10_000), cancellationToken);
        if (json)
        {
            var lines = entries.Select(e => new ShownEntry(e.At, e.Action, e.Revision, e.Owner, e.Message)).ToArray();
            Console.Out.WriteLine(JsonSerializer.Serialize(lines, RolloutShownJson.Default.ShownEntryArray));
            return ExitCodes.Fine;
        }

        var table = new Table().AddColumns("When (UTC)", "What", "Revision", "Who", "Why");
        foreach (var entry in entries)
        {
            table.AddRow(
                Out.CellOf($"{entry.At:yyyy-MM-dd HH:mm:ss}"), Out.CellOf(entry.Action), Out.CellOf(entry.Revision), Out.CellOf(entry.Owner), Out.CellOf(entry.Message));
        }

        AnsiConsole.Write(table);
        return ExitCodes.Fine;
    }
}
