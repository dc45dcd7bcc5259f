using Microsoft.Extensions.Logging;

namespace Store;

public static class StoreFactory
{
    /// <summary>Opens nothing yet: the first call of a port connects.</summary>
    /// <param name="options">Where the database is.</param>
    /// <param name="time">For the delays of the change feed.</param>
    /// <param name="loggers">Receives warnings of ours and Npgsql's log.</param>
    /// <param name="random">Numbers in [0, 1), for jitter and for the name of the heartbeat's channel.</param>
    /// <exception cref="FormatException">The connection string cannot be read; the message is safe to show.</exception>
    public static PostgresStores Create(StoreOptions options, TimeProvider time, ILoggerFactory loggers, Func<double> random) =>
        new(options, time, loggers, random);
}
