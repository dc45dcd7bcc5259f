namespace FlySim.Http;

/// <summary>Maps addresses to operations.</summary>
internal sealed class Routes(WebApplication app, Dispatcher dispatcher)
{
    /// <summary>A handler that runs alone in the world.</summary>
    public void Map(string method, string pattern, Operation operation, Func<Call, Reply> handler) =>
        MapAsync(method, pattern, operation, call => Task.FromResult(call.World.Run(() => handler(call))));

    /// <summary>A handler that takes the world's lock by itself, because it waits.</summary>
    public void MapAsync(string method, string pattern, Operation operation, Func<Call, Task<Reply>> handler)
    {
        RequestDelegate run = http => dispatcher.HandleAsync(http, operation, handler);
        app.MapMethods(pattern, [method], run);
    }

    /// <summary>What the API does not have is refused and logged like everything else.</summary>
    public void MapFallback()
    {
        RequestDelegate run = http => dispatcher.HandleAsync(http, Unknown(http.Request.Method), NotFoundAsync);
        app.MapFallback("/{**path}", run);
    }

    private static Operation Unknown(string method) => new("unknown") { Mutating = !HttpMethods.IsGet(method) };

    private static Task<Reply> NotFoundAsync(Call call) => Task.FromResult(Reply.Failed(404, "404 page not found"));
}
