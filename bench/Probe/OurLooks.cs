using Microsoft.Extensions.Logging.Abstractions;
using Store;

namespace Probe;

/// <summary>What the product reads of a user before it looks at Fly, for so many users one after the other.</summary>
internal sealed class OurLooks(PostgresStores stores, IReadOnlyList<Guid> users) : IRound
{
    public static async Task<OurLooks> OpenAsync(string database, int looks)
    {
        var stores = StoreFactory.Create(
            new StoreOptions { ConnectionString = database }, TimeProvider.System, NullLoggerFactory.Instance, static () => 0.5);
        return new OurLooks(stores, [.. (await stores.Store.ReadAllUsersAsync(CancellationToken.None)).Take(looks).Select(static u => u.UserId)]);
    }

    public async Task<long> RunAsync()
    {
        var found = 0;
        foreach (var user in users)
        {
            found += await stores.Store.ReadUserAsync(user, CancellationToken.None) is null ? 0 : 1;
        }

        return found;
    }
}
