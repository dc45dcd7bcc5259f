using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlySim.Http;
using FlySim.Model;

namespace FlySim.Admin;

/// <summary>The admin API, under /_sim: <see cref="SimControl"/> over HTTP.</summary>
internal static class AdminEndpoints
{
    public static void Map(AdminRoutes routes, SimControl control)
    {
        MapWorld(routes, control);
        MapImages(routes, control);
        MapApps(routes, control);
        MapMachines(routes, control);
    }

    private static void MapWorld(AdminRoutes routes, SimControl control)
    {
        routes.Map("GET", "/state", _ => control.State());
        routes.Map("GET", "/calls", r => control.Calls(Number(r, "since"), Flag(r, "mutating")));
        routes.Map("DELETE", "/calls", _ => Done(control.ClearCalls));
        routes.Map("POST", "/running/watch", _ => Done(control.WatchRunning));
        routes.Map("GET", "/faults", _ => control.Faults);
        routes.Post<FaultRule>("/faults", (_, rule) => Done(() => control.AddFault(rule)));
        routes.Map("DELETE", "/faults", _ => Done(control.ClearFaults));
        routes.Map("GET", "/settings", _ => control.Settings);
        routes.Body<SimSettings>("PUT", "/settings", (_, settings) => control.ChangeSettings(settings));
        routes.Post<JsonObject>("/settings", (_, changes) => control.ChangeSettings(settings => Overlay(settings, changes)));
        routes.Post<RegionCapacity>("/regions/{code}", (r, limit) => Done(() => control.LimitRegion(Text(r, "code"), limit.Capacity)));
        routes.Post<SupabaseKeys>("/supabase/keys", (_, keys) => Done(() => control.SetSupabaseKeys(keys)));
        routes.Post<JsonObject>("/token", (_, body) => Done(() => control.ChangeToken(body["token"]!.GetValue<string>())));
        routes.Post<JsonObject>("/organisation", (_, body) => Done(() => control.ChangeOrganisation(body["org"]!.GetValue<string>())));
    }

    private static void MapImages(AdminRoutes routes, SimControl control)
    {
        routes.Map("GET", "/images", _ => control.Images());
        routes.Post<RegisterImage>("/images", (_, image) => control.RegisterImage(image));
        routes.Map("DELETE", "/images", r => r.QueryValue("ref") is { } reference && (Flag(r, "prune")
            ? control.PruneImage(reference)
            : control.RemoveImage(reference))
            ? null
            : throw new RefusedException(404, "no such image"));
    }

    private static void MapApps(AdminRoutes routes, SimControl control)
    {
        routes.Post<PlantApp>("/apps", (_, app) => control.PlantApp(app));
        routes.Post<List<PlantApp>>("/apps/bulk", (_, apps) => Done(() => apps.ForEach(a => control.PlantApp(a))));
        routes.Map("DELETE", "/apps/{app}", r => Done(() => control.RemoveApp(Text(r, "app"))));
        routes.Post<Dictionary<string, string?>>("/apps/{app}/secrets", (r, values) =>
            new JsonObject { ["version"] = control.TamperSecrets(Text(r, "app"), values) });
        routes.Post<PlantMachine>("/apps/{app}/machines", (r, machine) => control.PlantMachine(Text(r, "app"), machine));
    }

    private static void MapMachines(AdminRoutes routes, SimControl control)
    {
        const string One = "/apps/{app}/machines/{machine}";
        routes.Body<EditMachine>("PATCH", One, (r, edit) => Done(() => control.EditMachine(Text(r, "app"), Text(r, "machine"), edit)));
        routes.Post<EditMachine>(One + "/edit", (r, edit) => Done(() => control.EditMachine(Text(r, "app"), Text(r, "machine"), edit)));
        Act("/destroy", (_, app, machine) => control.DestroyMachine(app, machine));
        Act("/stop", (_, app, machine) => control.StopMachine(app, machine));
        Act("/start", (_, app, machine) => control.StartMachine(app, machine));
        Act("/stick", (r, app, machine) => control.StickMachine(
            app, machine, r.QueryValue("state") ?? "", r.QueryValue("forMs") is null ? null : (int)Number(r, "forMs")));
        Act("/roll-back", (_, app, machine) => control.RollBackMachine(app, machine));
        Act("/migrate", (r, app, machine) => control.MigrateMachine(app, machine, r.QueryValue("region")));
        Act("/fail", (_, app, machine) => control.FailMachine(app, machine));
        Act("/host-down", (r, app, machine) => control.HostDown(app, machine, Flag(r, "runsOn")));
        Act("/host-up", (_, app, machine) => control.HostUp(app, machine));
        routes.Post<HoldLease>(One + "/lease", (r, lease) => control.HoldLease(Text(r, "app"), Text(r, "machine"), lease));
        routes.Map("DELETE", One + "/lease", r => Done(() => control.DropLease(Text(r, "app"), Text(r, "machine"))));

        void Act(string path, Action<SimRequest, string, string> act) =>
            routes.Map("POST", One + path, r => Done(() => act(r, Text(r, "app"), Text(r, "machine"))));
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

    private static string Text(SimRequest request, string name) => request.Route(name)!;

    private static bool Flag(SimRequest request, string name) => request.QueryValue(name) == "true";

    private static long Number(SimRequest request, string name) =>
        long.TryParse(request.QueryValue(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
