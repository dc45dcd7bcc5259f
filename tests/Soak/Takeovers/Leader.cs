using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Store;

namespace Soak.Takeovers;

/// <summary>One of those who contend for the lease, with connections of its own that bear its name.</summary>
internal sealed class Leader(string name, PostgresStores stores) : IAsyncDisposable
{
    public string Name => name;

    public IStore Store => stores.Store;

    public ILeaseStore Leases => stores.Leases;

    public static Leader Open(string name, string connectionString) => new(name, StoreFactory.Create(
        new StoreOptions
        {
            ConnectionString = new NpgsqlConnectionStringBuilder(connectionString)
            {
                Pooling = true, ApplicationName = name, MaxPoolSize = 6,
            }.ConnectionString,
        },
        TimeProvider.System, NullLoggerFactory.Instance, static () => 0.5));

    public ValueTask DisposeAsync() => stores.DisposeAsync();
}
