using Microsoft.Extensions.Logging;
using Npgsql;

namespace Store;

/// <summary>The ports on one database, and the doctor that examines it.</summary>
public sealed class PostgresStores : IAsyncDisposable
{
    private readonly NpgsqlDataSource _listening;
    private readonly StoreTelemetry _telemetry;

    internal PostgresStores(
        StoreOptions options, TimeProvider time, ILoggerFactory loggers, Func<double> random)
    {
        var url = DatabaseUrl.Parse(options.ConnectionString);
        DataSource = DataSources.Pooled(url).UseLoggerFactory(loggers).Build();
        _listening = DataSources.Listening(url).UseLoggerFactory(loggers).Build();
        var logger = loggers.CreateLogger("Store");
        var changes = new PostgresChangeFeed(_listening, url.TransactionPooler, options, time, random, logger);
        _telemetry = new StoreTelemetry(() => changes.IsListening);
        changes.Reconnecting += _telemetry.Reconnecting;
        Url = url;
        Store = new PostgresStore(DataSource, logger);
        Console = new PostgresConsoleStore(DataSource);
        Leases = new PostgresLeaseStore(DataSource);
        Changes = changes;
        Statistics = new PostgresFleetStatistics(DataSource);
        Doctor = new StoreDoctor(DataSource, url, _listening, time);
    }

    public IStore Store { get; }

    public IConsoleStore Console { get; }

    public ILeaseStore Leases { get; }

    public IChangeFeed Changes { get; }

    public IFleetStatistics Statistics { get; }

    public StoreDoctor Doctor { get; }

    /// <summary>For telemetry and for tests of connectivity.</summary>
    public NpgsqlDataSource DataSource { get; }

    public DatabaseUrl Url { get; }

    public async ValueTask DisposeAsync()
    {
        _telemetry.Dispose();
        await _listening.DisposeAsync();
        await DataSource.DisposeAsync();
    }
}
