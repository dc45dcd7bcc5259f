using Store;

namespace Reconciler.Cli;

/// <summary><c>migrate</c>: runs the migrations, or prints them for the host's own migration folder, or takes them back.</summary>
internal static class MigrateCommand
{
    /// <summary>Exactly as before: the host's tables without anything of ours, the old trigger on.</summary>
    public static async Task<int> UndoAsync(CancellationToken cancellationToken)
    {
        var removed = await SchemaRemoval.RemoveAsync(CommandContext.ReadDatabaseUrl(), cancellationToken);
        Console.Out.WriteLine(removed
            ? "Taken back: the host's tables are as they were, the old trigger is on. Apps and machines at Fly stay as they are."
            : "Nothing to take back: the schema fly_reconciler is not there.");
        return ExitCodes.Fine;
    }

    public static async Task<int> RunAsync(bool print, bool verbose, bool keepOldTrigger, CancellationToken cancellationToken)
    {
        if (print)
        {
            Console.Out.Write(MigrationScripts.PrintAll());
            return ExitCodes.Fine;
        }

        var url = DatabaseUrl.Parse(CommandContext.ReadDatabaseUrl());
        var applied = await SchemaMigrator.MigrateAsync(
            url.ConnectionString, verbose ? Console.Error.WriteLine : static _ => { }, cancellationToken, keepOldTrigger);
        Console.Out.WriteLine(applied.Count == 0 ? "Nothing to do: the database is up to date." : $"Applied {applied.Count} script(s):");
        foreach (var script in applied)
        {
            Console.Out.WriteLine("  " + script);
        }

        return ExitCodes.Fine;
    }
}
