using FlySim.Endpoints;

namespace FlySim.Http;

/// <summary>An address and what is done there.</summary>
/// <param name="Pattern">Segments; those in braces are taken as values of that name.</param>
internal sealed record ApiRoute(string Method, string Pattern, Operation Operation, Func<Call, Task<Reply>> Handler);

/// <summary>Every address of the simulated platform: one table, whichever way the requests come in.</summary>
internal sealed class Routes
{
    private static readonly Lazy<Routes> Table = new(Fill);
    private readonly List<ApiRoute> _all = [];

    private Routes()
    {
    }

    public static IReadOnlyList<ApiRoute> All => Table.Value._all;

    /// <summary>What the API does not have is refused and logged like everything else.</summary>
    public static ApiRoute Fallback(string method) =>
        new(method, "/{**path}", new Operation("unknown") { Mutating = !HttpMethods.IsGet(method) }, NotFoundAsync);

    /// <summary>A handler that runs alone in the world.</summary>
    public void Map(string method, string pattern, Operation operation, Func<Call, Reply> handler) =>
        MapAsync(method, pattern, operation, call => Task.FromResult(call.World.Run(() => handler(call))));

    /// <summary>A handler that takes the world's lock by itself, because it waits.</summary>
    public void MapAsync(string method, string pattern, Operation operation, Func<Call, Task<Reply>> handler) =>
        _all.Add(new ApiRoute(method, pattern, operation, handler));

    private static Routes Fill()
    {
        var routes = new Routes();
        AppEndpoints.Map(routes);
        SecretEndpoints.Map(routes);
        MachineEndpoints.Map(routes);
        LifecycleEndpoints.Map(routes);
        LeaseEndpoints.Map(routes);
        MetadataEndpoints.Map(routes);
        OrgEndpoints.Map(routes);
        PlatformEndpoints.Map(routes);
        RegistryEndpoints.Map(routes);
        MachineProgramEndpoints.Map(routes);
        SupabaseEndpoints.Map(routes);
        return routes;
    }

    private static Task<Reply> NotFoundAsync(Call call) => Task.FromResult(Reply.Failed(404, "404 page not found"));
}
