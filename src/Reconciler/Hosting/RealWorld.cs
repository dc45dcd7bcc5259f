using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using Store;

namespace Reconciler.Hosting;

/// <summary>The ports as they are in production: sockets, the system's clock, real randomness.</summary>
internal static class RealWorld
{
    /// <summary>Half of what Fly's proxies keep idle connections for, so that we close first; DNS changes are noticed.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    public static double Random() => RandomNumberGenerator.GetInt32(int.MaxValue) / (double)int.MaxValue;

    /// <summary>16 random bytes in hex.</summary>
    public static string NewId() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    public static Ports Ports(PostgresStores stores, ILoggerFactory loggers) => new()
    {
        Store = stores.Store,
        Leases = stores.Leases,
        Changes = stores.Changes,
        FlyHandler = Handler(),
        PlainHandler = Handler(),
        Time = TimeProvider.System,
        Random = Random,
        NewId = NewId,
        Loggers = loggers,
        Holder = Holder(),
    };

    private static SocketsHttpHandler Handler() => new()
    {
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.All,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        PooledConnectionLifetime = ConnectionLifetime,
        UseCookies = false,
    };

    /// <summary>A name a person recognises, and a random part, because a restarted process is another holder.</summary>
    private static string Holder()
    {
        var machine = Environment.GetEnvironmentVariable("FLY_MACHINE_ID") ?? Environment.MachineName;
        return string.Create(CultureInfo.InvariantCulture, $"{machine}/{Environment.ProcessId}/{NewId()[..8]}");
    }
}
