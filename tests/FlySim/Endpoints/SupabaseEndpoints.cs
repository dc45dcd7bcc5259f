using System.Text.Json.Nodes;
using FlySim.Http;
using FlySim.Worlds;

namespace FlySim.Endpoints;

/// <summary>Enough of Supabase to tell a good service key from a bad one.</summary>
internal static class SupabaseEndpoints
{
    public static void Map(Routes routes) =>
        routes.Map("GET", "/_supabase/rest/v1/", new Operation("supabase.rest", Realm.Supabase), Root);

    private static Reply Root(Call call)
    {
        var key = call.Request.Header("apikey") ?? "";
        if (key.Length == 0)
        {
            return Refused("No API key found in request");
        }

        var bearer = call.Request.Header("Authorization") ?? "";
        var known = call.World.AcceptsSupabaseKey(key) && (bearer.Length == 0 || call.World.AcceptsSupabaseKey(World.Bare(bearer)));
        return known
            ? Reply.Ok(new JsonObject { ["swagger"] = "2.0", ["info"] = new JsonObject { ["title"] = "standard public schema" } })
            : Refused("Invalid API key");
    }

    private static Reply Refused(string message) =>
        Reply.Ok(new JsonObject { ["message"] = message }, 401) with { Error = message };
}
