using System.Text.Json;
using FlySim.Http;
using FlySim.Model;

namespace FlySim.Admin;

/// <summary>Maps the admin API: no authentication, no faults, no limits, and not in the call log.</summary>
internal sealed class AdminRoutes(RouteTable table)
{
    /// <summary>A handler without a body; a null result is a 204.</summary>
    public void Map(string method, string pattern, Func<SimRequest, object?> handler) =>
        table.Add(method, "/_sim" + pattern, request => Task.FromResult<Reply?>(Answer(() => handler(request))));

    /// <summary>A handler with a JSON body.</summary>
    public void Post<TBody>(string pattern, Func<SimRequest, TBody, object?> handler) =>
        Body(HttpMethods.Post, pattern, handler);

    public void Body<TBody>(string method, string pattern, Func<SimRequest, TBody, object?> handler) =>
        table.Add(method, "/_sim" + pattern, async request =>
        {
            var bytes = await request.ReadBodyAsync(request.Aborted);
            return Answer(() => handler(request, Parse<TBody>(bytes)));
        });

    private static TBody Parse<TBody>(byte[] bytes)
    {
        try
        {
            return JsonSerializer.Deserialize<TBody>(bytes, AdminJson.Options) ?? throw new RefusedException(400, "a body is required");
        }
        catch (JsonException problem)
        {
            throw new RefusedException(400, problem.Message);
        }
    }

    private static Reply Answer(Func<object?> handler)
    {
        try
        {
            return handler() is { } result ? new Reply(200, JsonSerializer.SerializeToUtf8Bytes(result, AdminJson.Options)) : Reply.NoContent;
        }
        catch (RefusedException refused)
        {
            return Reply.Refused(refused);
        }
    }
}
