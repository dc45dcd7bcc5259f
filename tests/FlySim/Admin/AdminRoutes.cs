using System.Text.Json;
using System.Text.Json.Nodes;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Admin;

/// <summary>Maps the admin API: no authentication, no faults, no limits, and not in the call log.</summary>
internal sealed class AdminRoutes(WebApplication app, World world)
{
    /// <summary>A handler without a body.</summary>
    public void Map(string method, string pattern, Func<HttpRequest, object?> handler) =>
        app.MapMethods("/_sim" + pattern, [method], (RequestDelegate)(http => RunAsync(http, () => handler(http.Request))));

    /// <summary>A handler with a JSON body.</summary>
    public void Post<TBody>(string pattern, Func<HttpRequest, TBody, object?> handler) =>
        Body(HttpMethods.Post, pattern, handler);

    public void Body<TBody>(string method, string pattern, Func<HttpRequest, TBody, object?> handler) =>
        app.MapMethods("/_sim" + pattern, [method], (RequestDelegate)(async http =>
        {
            TBody? body;
            try
            {
                body = await http.Request.ReadFromJsonAsync<TBody>(AdminJson.Options, http.RequestAborted);
            }
            catch (JsonException problem)
            {
                await RefuseAsync(http, 400, problem.Message);
                return;
            }

            await (body is null
                ? RefuseAsync(http, 400, "a body is required")
                : RunAsync(http, () => handler(http.Request, body)));
        }));

    private async Task RunAsync(HttpContext http, Func<object?> handler)
    {
        byte[]? json;
        try
        {
            // Rendered under the lock: what is returned may be parts of the world.
            json = world.Run(() => handler() is { } result ? JsonSerializer.SerializeToUtf8Bytes(result, AdminJson.Options) : null);
        }
        catch (RefusedException refused)
        {
            await RefuseAsync(http, refused.Status, refused.Message);
            return;
        }

        if (json is null)
        {
            http.Response.StatusCode = 204;
            return;
        }

        http.Response.ContentType = "application/json; charset=utf-8";
        await http.Response.Body.WriteAsync(json, http.RequestAborted);
    }

    private static Task RefuseAsync(HttpContext http, int status, string error)
    {
        http.Response.StatusCode = status;
        return http.Response.WriteAsJsonAsync(new JsonObject { ["error"] = error }, http.RequestAborted);
    }
}
