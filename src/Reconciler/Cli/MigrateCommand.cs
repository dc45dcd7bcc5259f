using Store;

namespace Reconciler.Cli;

/// <summary><c>migrate</c>: runs the migrations, or prints them for the host's own migration folder.</summary>
internal static class MigrateCommand
{
    public static async Task<int> RunAsync(bool print, bool verbose, CancellationToken cancellationToken)
    {
        if (print)
        {
            Console.Out.Write(MigrationScripts.PrintAll());
            return ExitCodes.Fine;
        }

        var url = DatabaseUrl.Parse(CommandContext.ReadDatabaseUrl());
        var applied = await SchemaMigrator.MigrateAsync(url.ConnectionString, verbose ? Console.Error.WriteLine : static _ => { }, cancellationToken);
        Console.Out.WriteLine(applied.Count == 0 ? "Nothing to do: the database is up to date." : $"Applied {applied.Count} script(s):");
        foreach (var script in applied)
        {
            Console.Out.WriteLine("  " + script);
        }

        return ExitCodes.Fine;
    }
}
