using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Admin;

/// <summary>The admin API, under /_sim.</summary>
internal static class AdminEndpoints
{
    public static void Map(WebApplication app, World world)
    {
        var routes = new AdminRoutes(app, world);
        MapWorld(routes, world);
        MapImages(routes, world);
        MapApps(routes, world);
        MapMachines(routes, world);
    }

    private static void MapWorld(AdminRoutes routes, World world)
    {
        routes.Map("GET", "/state", _ => world.Report());
        routes.Map("GET", "/calls", r => world.Calls(Number(r, "since"), r.Query["mutating"] == "true"));
        routes.Map("DELETE", "/calls", _ => Done(world.ClearCalls));
        routes.Map("GET", "/faults", _ => world.Faults);
        routes.Post<FaultRule>("/faults", (_, rule) => Done(() => world.AddFault(rule)));
        routes.Map("DELETE", "/faults", _ => Done(world.ClearFaults));
        routes.Map("GET", "/settings", _ => world.Settings);
        routes.Body<SimSettings>("PUT", "/settings", (_, settings) =>
        {
            world.Change(settings);
            return settings;
        });
        routes.Post<JsonObject>("/settings", (_, changes) =>
        {
            world.Change(Overlay(world.Settings, changes));
            return world.Settings;
        });
        routes.Post<RegionCapacity>("/regions/{code}", (r, limit) => Done(() => world.LimitRegion(Text(r, "code"), limit.Capacity)));
        routes.Post<SupabaseKeys>("/supabase/keys", (_, keys) => Done(() => world.SetSupabaseKeys(keys)));
        routes.Post<JsonObject>("/token", (_, body) => Done(() => world.ChangeToken(body["token"]!.GetValue<string>())));
    }

    private static void MapImages(AdminRoutes routes, World world)
    {
        routes.Map("GET", "/images", _ => world.Images.ToList());
        routes.Post<RegisterImage>("/images", (_, image) => world.RegisterImage(image));
        routes.Map("DELETE", "/images", r => world.RemoveImage(r.Query["ref"].ToString())
            ? null
            : throw new RefusedException(404, "no such image"));
    }

    private static void MapApps(AdminRoutes routes, World world)
    {
        routes.Post<PlantApp>("/apps", (_, app) => world.Plant(app));
        routes.Post<List<PlantApp>>("/apps/bulk", (_, apps) => Done(() => apps.ForEach(a => world.Plant(a))));
        routes.Map("DELETE", "/apps/{app}", r => Done(() => world.RemoveAppAtOnce(Text(r, "app"))));
        routes.Post<Dictionary<string, string?>>("/apps/{app}/secrets", (r, values) =>
            new JsonObject { ["version"] = world.SetSecrets(world.AnyApp(Text(r, "app")), values).Version });
        routes.Post<PlantMachine>("/apps/{app}/machines", (r, machine) => world.Plant(world.AnyApp(Text(r, "app")), machine));
    }

    private static void MapMachines(AdminRoutes routes, World world)
    {
        const string One = "/apps/{app}/machines/{machine}";
        routes.Body<EditMachine>("PATCH", One, (r, edit) => Done(() => world.Edit(Machine(r), edit)));
        routes.Post<EditMachine>(One + "/edit", (r, edit) => Done(() => world.Edit(Machine(r), edit)));
        routes.Map("POST", One + "/destroy", r => Done(() => world.DestroyAtOnce(Machine(r))));
        routes.Map("POST", One + "/stop", r => Done(() => world.StopAtOnce(Machine(r))));
        routes.Map("POST", One + "/fail", r => Done(() => world.FailAtOnce(Machine(r))));
        routes.Map("POST", One + "/host-down", r => Done(() => world.HostDown(Machine(r), r.Query["runsOn"] == "true")));
        routes.Map("POST", One + "/host-up", r => Done(() => world.HostUp(Machine(r))));
        routes.Post<HoldLease>(One + "/lease", (r, lease) =>
        {
            var machine = Machine(r);
            machine.Lease = null; // whoever held it: the other actor is faster
            var held = world.TakeLease(machine, lease.TtlSeconds, lease.Description, nonce: null, lease.Owner);
            return new HeldLease(held.Nonce, held.ExpiresAt);
        });
        routes.Map("DELETE", One + "/lease", r => Done(() => Machine(r).Lease = null));

        // A hand that comes too late must not bring back to life what is gone.
        SimMachine Machine(HttpRequest request) =>
            world.AnyMachine(Text(request, "app"), Text(request, "machine")) is { State: not States.Destroyed } machine
                ? machine
                : throw new RefusedException(404, "the machine is destroyed");
    }

    private static SimSettings Overlay(SimSettings settings, JsonObject changes)
    {
        var merged = (JsonObject)JsonSerializer.SerializeToNode(settings, AdminJson.Options)!;
        foreach (var (name, value) in changes)
        {
            merged[name] = value?.DeepClone();
        }

        try
        {
            return merged.Deserialize<SimSettings>(AdminJson.Options)!;
        }
        catch (JsonException problem)
        {
            throw new RefusedException(400, problem.Message);
        }
    }

    private static object? Done(Action action)
    {
        action();
        return null;
    }

    private static string Text(HttpRequest request, string name) => (string)request.RouteValues[name]!;

    private static long Number(HttpRequest request, string name) =>
        long.TryParse(request.Query[name], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
