namespace FlySim.Http;

/// <summary>Maps addresses to operations.</summary>
internal sealed class Routes
{
    private readonly Dispatcher _dispatcher;

    public Routes(Dispatcher dispatcher)
    {
        _dispatcher = dispatcher;

        // What the API does not have is refused and logged like everything else.
        Table = new RouteTable(request => dispatcher.HandleAsync(request, Unknown(request.Method), NotFoundAsync));
    }

    public RouteTable Table { get; }

    /// <summary>A handler that runs alone in the world.</summary>
    public void Map(string method, string pattern, Operation operation, Func<Call, Reply> handler) =>
        MapAsync(method, pattern, operation, operation.Mutating
            ? call => Task.FromResult(call.World.Mutate(() => handler(call)))
            : call => Task.FromResult(call.World.Run(() => handler(call))));

    /// <summary>A handler that takes the world's lock by itself, because it waits.</summary>
    public void MapAsync(string method, string pattern, Operation operation, Func<Call, Task<Reply>> handler) =>
        Table.Add(method, pattern, request => _dispatcher.HandleAsync(request, operation, handler));

    private static Operation Unknown(string method) => new("unknown") { Mutating = !HttpMethods.IsGet(method) };

    private static Task<Reply> NotFoundAsync(Call call) => Task.FromResult(Reply.Failed(404, "404 page not found"));
}
