using Npgsql;

namespace Store;

/// <summary>Builds data sources with no more of Npgsql than we use, which keeps a trimmed binary small.</summary>
internal static class DataSources
{
    /// <summary>
    /// No statement of ours takes seconds, so one that does is stuck: the server ends it, before the client has to. The keepalives
    /// let the server notice a leader that went silent in mid-write, whose lock would otherwise hold up the takeover for hours.
    /// </summary>
    private const string SessionLimits =
        "-c statement_timeout=5s -c lock_timeout=3s -c idle_in_transaction_session_timeout=10s "
        + "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3";

    public static NpgsqlSlimDataSourceBuilder Pooled(DatabaseUrl url) => Slim(
        new NpgsqlConnectionStringBuilder(url.ConnectionString) { IncludeErrorDetail = false },
        url.TransactionPooler ? null : SessionLimits);

    /// <summary>
    /// For LISTEN: a connection of its own. Its session's heartbeat notices silence; Npgsql's keepalive beside it would now and then be
    /// cut short by the heartbeat that is due, and a keepalive that is cut short breaks the connection.
    /// </summary>
    public static NpgsqlSlimDataSourceBuilder Listening(DatabaseUrl url)
    {
        var connection = new NpgsqlConnectionStringBuilder(url.ConnectionString)
        {
            IncludeErrorDetail = false,
            Pooling = false,
            KeepAlive = 0,
            CommandTimeout = 5,
            Timeout = 3,
        };
        connection.ApplicationName += "-listen"; // tells it from the pooled ones in pg_stat_activity
        return Slim(connection, options: null);
    }

    public static NpgsqlSlimDataSourceBuilder Slim(NpgsqlConnectionStringBuilder connection, string? options)
    {
        if (options is not null)
            connection.Options = string.IsNullOrEmpty(connection.Options) ? options : $"{options} {connection.Options}";
        var builder = new NpgsqlSlimDataSourceBuilder(connection.ConnectionString)
        {
            Name = "fly-reconciler", // else every metric is labelled with the whole connection string
        };
        builder.EnableTransportSecurity();
        builder.EnableArrays();
        return builder;
    }
}
