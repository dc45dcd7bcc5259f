using System.Text.Json.Nodes;
using FlySim.Admin;
using FlySim.Http;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Endpoints;

internal static class AppEndpoints
{
    public static void Map(Routes routes)
    {
        routes.Map("POST", "/v1/apps", Operation.Write("apps.create", "CreateAppRequest"), Create);
        routes.Map("GET", "/v1/apps", Operation.Read("apps.list"), List);
        routes.Map("GET", "/v1/apps/{app}", Operation.Read("apps.get"), call => Reply.Ok(Json(call.App(), call.World)));
        routes.Map("DELETE", "/v1/apps/{app}", Operation.Write("apps.delete"), Delete);
        routes.Map("GET", "/v1/apps/{app}/ip_assignments", Operation.Read("ips.list"), ListIps);
        routes.Map("POST", "/v1/apps/{app}/ip_assignments", Operation.Write("ips.create", "assignIPRequest"), AddIp);
        routes.Map("DELETE", "/v1/apps/{app}/ip_assignments/{ip}", Operation.Write("ips.delete"), RemoveIp);
    }

    private static Reply Create(Call call)
    {
        var app = call.World.CreateApp(call.Text("name") ?? call.Text("app_name"), call.Text("org_slug"), call.Text("network"));
        return Reply.Ok(new JsonObject { ["id"] = app.Name, ["created_at"] = app.CreatedAt.ToUnixTimeMilliseconds() }, 201);
    }

    private static Reply List(Call call)
    {
        var org = call.Query("org_slug") ?? throw new RefusedException(400, "invalid_argument: org_slug is required");
        var apps = call.IsFault(FaultKinds.EmptyList) ? [] : call.World.AppsOf(org, call.ListLagMs);
        return Reply.Ok(new JsonObject
        {
            ["total_apps"] = apps.Count,
            ["apps"] = new JsonArray([.. apps.Select(a => Json(a, call.World))]),
        });
    }

    private static Reply Delete(Call call)
    {
        call.World.DeleteApp(call.App());
        return Reply.Accepted;
    }

    private static Reply ListIps(Call call) =>
        Reply.Ok(new JsonObject { ["ips"] = new JsonArray([.. call.App().Ips.Select(Json)]) });

    private static Reply AddIp(Call call) =>
        Reply.Ok(Json(call.World.AddIp(call.App(), call.Text("type"), call.Text("region"))));

    private static Reply RemoveIp(Call call)
    {
        World.RemoveIp(call.App(), call.Route("ip")!);
        return Reply.NoContent;
    }

    private static JsonObject Json(SimApp app, World world) => new()
    {
        ["id"] = app.Name,
        ["name"] = app.Name,
        ["internal_numeric_id"] = app.NumericId,
        ["machine_count"] = app.LiveMachines.Count(),
        ["volume_count"] = 0,
        ["network"] = app.Network,
        ["status"] = app.EverDeployed ? "deployed" : "pending",
        ["organization"] = new JsonObject { ["name"] = app.Org, ["slug"] = app.Org, ["internal_numeric_id"] = World.OrgNumber(app.Org) },
    };

    private static JsonObject Json(SimIp ip)
    {
        var json = new JsonObject
        {
            ["ip"] = ip.Address,
            ["shared"] = ip.Type == "shared_v4",
            ["created_at"] = Timestamps.Format(ip.CreatedAt),
        };
        if (ip.Region is not null)
        {
            json["region"] = ip.Region;
        }

        return json;
    }
}
