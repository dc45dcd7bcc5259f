using System.Globalization;
using Npgsql;

namespace Store;

/// <summary>The server and the way to it.</summary>
internal static class ServerChecks
{
    /// <summary>The oldest with functions whose body is bound when they are created, which the migrations use.</summary>
    private const int OldestVersion = 14;

    /// <summary>Half of the margin that the controller keeps from the end of its lease.</summary>
    private static readonly TimeSpan MostSkew = TimeSpan.FromSeconds(1);

    public static Task<StoreCheck> VersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        _ = cancellationToken;
        var version = connection.PostgreSqlVersion;
        return Task.FromResult(version.Major >= OldestVersion
            ? new StoreCheck("server version", StoreCheckOutcome.Ok, $"PostgreSQL {version}")
            : new StoreCheck(
                "server version", StoreCheckOutcome.Failed, $"PostgreSQL {version}", $"upgrade to PostgreSQL {OldestVersion} or later"));
    }

    public static async Task<StoreCheck> TlsAsync(NpgsqlConnection connection, DatabaseUrl url, CancellationToken cancellationToken)
    {
        const string Sql = "select coalesce((select ssl from pg_catalog.pg_stat_ssl where pid = pg_backend_pid()), false)";
        var mode = new NpgsqlConnectionStringBuilder(url.ConnectionString).SslMode;
        if (await Query.ScalarAsync<bool>(connection, Sql, cancellationToken))
        {
            return mode >= SslMode.VerifyCA
                ? new StoreCheck("tls", StoreCheckOutcome.Ok, "encrypted, the server's certificate is verified")
                : new StoreCheck(
                    "tls", StoreCheckOutcome.Warning, "encrypted, but the server's certificate is not verified",
                    "use sslmode=verify-full with sslrootcert");
        }
        return new StoreCheck("tls", StoreCheckOutcome.Warning, "the connection is not encrypted", "use sslmode=require or verify-full");
    }

    public static async Task<StoreCheck> ClockAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken)
    {
        var sent = time.GetTimestamp();
        var theirs = await Query.ScalarAsync<DateTime>(connection, "select clock_timestamp()", cancellationToken);
        var ours = time.GetUtcNow().UtcDateTime - (time.GetElapsedTime(sent) / 2);
        var skew = (theirs - ours).Duration();
        var finding = string.Create(CultureInfo.InvariantCulture, $"the clocks differ by {skew.TotalMilliseconds:F0} ms");
        return skew <= MostSkew
            ? new StoreCheck("clock", StoreCheckOutcome.Ok, finding)
            : new StoreCheck("clock", StoreCheckOutcome.Warning, finding, "synchronise this host's clock (the lease uses the database's)");
    }

    public static async Task<StoreCheck> ListenAsync(NpgsqlDataSource listening, DatabaseUrl url, CancellationToken cancellationToken)
    {
        if (url.TransactionPooler)
        {
            return new StoreCheck(
                "listen", StoreCheckOutcome.Warning, "the URL names a transaction pooler, through which LISTEN does not work",
                "use the direct or session connection (port 5432); until then changes are found by polling");
        }

        await using var connection = await listening.OpenConnectionAsync(cancellationToken);
        var heard = false;
        connection.Notification += (_, _) => heard = true;
        await using (var command = new NpgsqlCommand("listen fly_reconciler_doctor; notify fly_reconciler_doctor", connection))
            await command.ExecuteNonQueryAsync(cancellationToken);
        // A notification to oneself comes with the answer; the next statement's answer at the latest.
        _ = await Query.ScalarAsync<int>(connection, "select 1", cancellationToken);
        return heard
            ? new StoreCheck("listen", StoreCheckOutcome.Ok, "notifications arrive")
            : new StoreCheck(
                "listen", StoreCheckOutcome.Warning, "a notification to ourselves did not arrive",
                "use a connection without a transaction pooler; until then changes are found by polling");
    }
}
