using Npgsql;

namespace Store;

/// <summary>Which of the database's errors pass by themselves, which mean a missing migration or grant, and which are ours.</summary>
internal static class PostgresErrors
{
    /// <summary>Raised by <c>fly_reconciler.fence</c>.</summary>
    private const string StaleEpoch = "RC001";

    /// <summary><c>idle_in_transaction_session_timeout</c>; Npgsql has no name for it.</summary>
    private const string IdleInTransaction = "25P03";

    /// <summary>The server's routine that refuses a prepared statement whose columns have another type now. It is prepared anew next time.</summary>
    private const string ChangedUnderItsPlan = "RevalidateCachedQuery";

    public static async Task<T> TranslateAsync<T>(string operation, LeaseToken? lease, Func<Task<T>> body)
    {
        try
        {
            return await body();
        }
        catch (Exception error) when (Translate(operation, lease, error) is { } translated)
        {
            throw translated;
        }
    }

    /// <summary>Null when the error is none of the database's, or one that the caller has to understand by itself.</summary>
    public static Exception? Translate(string operation, LeaseToken? lease, Exception error) => error switch
    {
        PostgresException { SqlState: StaleEpoch } when lease is not null => new StaleEpochException(lease),
        PostgresException postgres when SchemaProblem(postgres) is { } problem =>
            new StoreSchemaException($"{operation}: {PgText.OneLine(postgres.MessageText)}; {problem}", postgres),
        PostgresException postgres when IsPassing(postgres.SqlState) || postgres.Routine == ChangedUnderItsPlan =>
            new StoreUnavailableException(operation, $"{PgText.OneLine(postgres.MessageText)} ({postgres.SqlState})", postgres),
        PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire } => Unstorable(operation),
        System.Text.EncoderFallbackException => Unstorable(operation),
        PostgresException => null,
        NpgsqlException => new StoreUnavailableException(operation, Reason(error), error),
        TimeoutException or System.Net.Sockets.SocketException or IOException =>
            new StoreUnavailableException(operation, PgText.OneLine(error.Message), error),
        _ => null,
    };

    /// <summary>Without the inner exception, whose text may quote the value.</summary>
    private static ArgumentException Unstorable(string operation) =>
        new($"{operation}: a text holds a NUL character or half of a surrogate pair, which PostgreSQL cannot store");

    private static string? SchemaProblem(PostgresException error) => error.SqlState switch
    {
        PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.UndefinedColumn or PostgresErrorCodes.UndefinedFunction
            or PostgresErrorCodes.InvalidSchemaName => "the schema is missing or old: run 'reconciler migrate' as the owner of the tables",
        PostgresErrorCodes.InsufficientPrivilege =>
            "the role lacks a grant: run 'reconciler migrate' as the owner of the tables, then 'grant fly_reconciler_daemon to' this role",
        PostgresErrorCodes.InvalidSqlStatementName or PostgresErrorCodes.DuplicatePreparedStatement =>
            "something between us and the server lends its connections for one transaction: add pgbouncer=true to DATABASE_URL",
        _ => null,
    };

    private static bool IsPassing(string state) => state is
        PostgresErrorCodes.TooManyConnections
        or PostgresErrorCodes.SerializationFailure
        or PostgresErrorCodes.DeadlockDetected
        or PostgresErrorCodes.LockNotAvailable
        or PostgresErrorCodes.QueryCanceled // by statement_timeout; our own cancellation is no PostgresException
        or IdleInTransaction // we were frozen in the middle of a transaction, which has not happened
        or PostgresErrorCodes.ReadOnlySqlTransaction // a standby, in the middle of a failover
        or PostgresErrorCodes.ForeignKeyViolation // the user was deleted between our read and this write
        or PostgresErrorCodes.InvalidCatalogName // no such database: unreachable with what we were given
        || state.StartsWith("08", StringComparison.Ordinal) // connection
        || state.StartsWith("28", StringComparison.Ordinal) // authentication: unreachable with what we were given
        || state.StartsWith("53", StringComparison.Ordinal) // resources
        || state.StartsWith("57P", StringComparison.Ordinal) // shutdown, crash, starting up
        || state.StartsWith("58", StringComparison.Ordinal); // the server's own I/O

    private static string Reason(Exception error)
    {
        var inner = error;
        while (inner.InnerException is { } next)
            inner = next;
        return PgText.OneLine(ReferenceEquals(inner, error) ? error.Message : $"{error.Message}: {inner.Message}");
    }
}
