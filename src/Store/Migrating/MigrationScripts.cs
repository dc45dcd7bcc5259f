using System.Text;

namespace Store;

/// <summary>The schema's scripts, in order. Each adds only, and each can be run again.</summary>
public static class MigrationScripts
{
    internal const string JournalSchema = "fly_reconciler";
    internal const string JournalTable = "schema_versions";
    private const string ResourcePrefix = "Store.Migrations.";

    public static IReadOnlyList<MigrationScript> All { get; } = Load();

    /// <summary>
    /// The whole migration as one plain text for the host's own migration folder. It also leaves the journal that
    /// <see cref="SchemaMigrator"/> reads, so that either way of applying it is known to the other.
    /// </summary>
    public static string PrintAll()
    {
        var text = new StringBuilder();
        text.Append(
            $"""
            -- fly_reconciler: everything below adds to the schema and can be run again.
            create schema if not exists {JournalSchema};
            create table if not exists {JournalSchema}.{JournalTable} (
              schemaversionsid serial not null,
              scriptname character varying(255) not null,
              applied timestamp without time zone not null,
              constraint "PK_{JournalTable}_Id" primary key (schemaversionsid)
            );

            """);
        foreach (var script in All)
        {
            text.Append(
                $"""

                -- {script.Name} --------------------------------------------------------------
                {script.Sql.TrimEnd()}
                insert into {JournalSchema}.{JournalTable} (scriptname, applied)
                select '{script.Name}', localtimestamp
                 where not exists (select from {JournalSchema}.{JournalTable} where scriptname = '{script.Name}');

                """);
        }
        return text.ToString();
    }

    private static MigrationScript[] Load()
    {
        var assembly = typeof(MigrationScripts).Assembly;
        return [.. assembly.GetManifestResourceNames()
            .Where(static name => name.StartsWith(ResourcePrefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var stream = assembly.GetManifestResourceStream(name)!;
                using var reader = new StreamReader(stream);
                return new MigrationScript(name[ResourcePrefix.Length..], reader.ReadToEnd());
            })];
    }
}

/// <param name="Name">For example <c>0001_schema.sql</c>; the journal's key.</param>
/// <param name="Sql">Plain SQL, without variables.</param>
public sealed record MigrationScript(string Name, string Sql);
