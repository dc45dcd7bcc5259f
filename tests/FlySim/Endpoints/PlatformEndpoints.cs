using System.Text.Json.Nodes;
using FlySim.Http;
using FlySim.Model;
using FlySim.Validation;
using FlySim.Worlds;

namespace FlySim.Endpoints;

/// <summary>What the platform says of itself and of the token.</summary>
internal static class PlatformEndpoints
{
    private const int DefaultConcurrency = 10;

    public static void Map(Routes routes)
    {
        routes.Map("GET", "/v1/platform/regions", Operation.Read("platform.regions"), RegionList);
        routes.Map("GET", "/v1/tokens/current", Operation.Read("tokens.current"), CurrentToken);
        var placements = Operation.Read("platform.placements") with { Shape = "main.getPlacementsRequest" };
        routes.Map("POST", "/v1/platform/placements", placements, Placements);
    }

    private static Reply RegionList(Call call) => Reply.Ok(new JsonObject
    {
        ["nearest"] = call.World.Options.DefaultRegion,
        ["regions"] = new JsonArray([.. Regions.All.Select(Json)]),
    });

    private static Reply CurrentToken(Call call) => Reply.Ok(new JsonObject
    {
        ["tokens"] = new JsonArray(new JsonObject
        {
            ["token_id"] = World.TokenOwner.Split('@')[0],
            ["org_slug"] = call.World.Org,
            ["organization"] = call.World.Org,
            ["apps"] = new JsonArray("*"),
            ["user"] = "",
        }),
    });

    private static Reply Placements(Call call)
    {
        var org = call.Text("org_slug") ?? throw new RefusedException(400, "invalid_argument: org_slug is required");
        call.World.RequireOwnOrg(org);
        GuestRules.Require(call.Body["compute"] as JsonObject);
        var wanted = call.Body["count"]?.GetValue<int>() ?? 0;
        var regions = call.World.Candidates(call.Text("region"));
        return Reply.Ok(new JsonObject { ["regions"] = new JsonArray([.. regions.Select(r => Placement(call.World, r, wanted))]) });
    }

    // A count of zero asks for the limit, says the description.
    private static JsonObject Placement(World world, string region, int wanted)
    {
        var room = world.RoomIn(region);
        return new JsonObject
        {
            ["region"] = region,
            ["count"] = wanted == 0 ? room : Math.Min(room, wanted),
            ["concurrency"] = Math.Min(room, DefaultConcurrency),
        };
    }

    private static JsonObject Json(Region region) => new()
    {
        ["code"] = region.Code,
        ["name"] = region.Name,
        ["geo_region"] = region.Geo,
        ["latitude"] = region.Latitude,
        ["longitude"] = region.Longitude,
        ["gateway_available"] = !region.Deprecated,
        ["requires_paid_plan"] = false,
        ["deprecated"] = region.Deprecated,
    };
}
