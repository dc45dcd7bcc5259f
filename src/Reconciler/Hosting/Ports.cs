using Reconciler.Signals;
using Store;

namespace Reconciler.Hosting;

/// <summary>Everything the controller touches outside itself: two ports for I/O, a clock, randomness and ids. A simulator replaces all of it.</summary>
internal sealed record Ports
{
    public required IStore Store { get; init; }
    public required ILeaseStore Leases { get; init; }
    public required IChangeFeed Changes { get; init; }

    /// <summary>To Fly's API and its registry.</summary>
    public required HttpMessageHandler FlyHandler { get; init; }

    /// <summary>To Supabase and to the machines' own <c>/health</c>; must not follow redirects.</summary>
    public required HttpMessageHandler PlainHandler { get; init; }

    /// <summary>Null = the signal file that the settings name.</summary>
    public ISignalSource? Signals { get; init; }

    public required TimeProvider Time { get; init; }

    /// <summary>Uniform in [0, 1).</summary>
    public required Func<double> Random { get; init; }

    /// <summary>Unique, without characters that need escaping.</summary>
    public required Func<string> NewId { get; init; }

    public required ILoggerFactory Loggers { get; init; }

    /// <summary>Who we are among the processes that contend for the lease.</summary>
    public required string Holder { get; init; }
}
