using Npgsql;

namespace Store;

/// <summary>Examines the database as the role that the controller runs as. Changes nothing.</summary>
public sealed class StoreDoctor
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly DatabaseUrl _url;
    private readonly NpgsqlDataSource _listening;
    private readonly TimeProvider _time;

    internal StoreDoctor(NpgsqlDataSource dataSource, DatabaseUrl url, NpgsqlDataSource listening, TimeProvider time)
    {
        _dataSource = dataSource;
        _url = url;
        _listening = listening;
        _time = time;
    }

    /// <summary>Every check in order; when the database cannot be reached, that one alone. Never throws for what it examines.</summary>
    public async Task<IReadOnlyList<StoreCheck>> ExamineAsync(CancellationToken cancellationToken)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await _dataSource.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception error) when (error is NpgsqlException or TimeoutException or IOException)
        {
            return
            [
                new("connection", StoreCheckOutcome.Failed, $"{_url}: {error.Message}", "check DATABASE_URL, the network and the server"),
            ];
        }

        await using (connection)
        {
            var checks = new List<StoreCheck> { new("connection", StoreCheckOutcome.Ok, $"connected to {_url}") };
            (string Name, Func<NpgsqlConnection, CancellationToken, Task<StoreCheck>> Run)[] all =
            [
                ("server version", ServerChecks.VersionAsync),
                ("tls", (opened, token) => ServerChecks.TlsAsync(opened, _url, token)),
                ("clock", (opened, token) => ServerChecks.ClockAsync(opened, _time, token)),
                ("listen", (_, token) => ServerChecks.ListenAsync(_listening, _url, token)),
                ("migrations", (_, token) => SchemaChecks.MigrationsAsync(_dataSource, token)),
                ("privileges", SchemaChecks.PrivilegesAsync),
                ("subscriptions", SchemaChecks.SubscriptionsAsync),
                ("tier trigger", SchemaChecks.TriggersAsync),
                ("profile policies", SchemaChecks.ProfilePoliciesAsync),
            ];
            foreach (var (name, run) in all)
                checks.Add(await GuardAsync(name, () => run(connection, cancellationToken)));
            return checks;
        }
    }

    /// <summary>A check that cannot be made is a finding, and the next one is made all the same.</summary>
    private static async Task<StoreCheck> GuardAsync(string name, Func<Task<StoreCheck>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception error)
            when (error is NpgsqlException or StoreUnavailableException or StoreSchemaException or TimeoutException or IOException)
        {
            var translated = PostgresErrors.Translate(name, null, error) ?? error;
            return new StoreCheck(
                name, StoreCheckOutcome.Failed, translated.Message, "run 'reconciler migrate' and check the role's grants");
        }
    }
}
