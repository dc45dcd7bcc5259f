namespace Simulation.Faults;

/// <summary>From a request to the call that it is, in the names of Fly's documentation.</summary>
internal static class FlySites
{
    public static FlySite Of(HttpRequestMessage request)
    {
        var reads = request.Method == HttpMethod.Get || request.Method == HttpMethod.Head;
        var parts = request.RequestUri!.AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var name = parts switch
        {
            ["v1", "apps"] => reads ? "apps.list" : "apps.create",
            ["v1", "apps", _] => reads ? "apps.get" : "apps.delete",
            ["v1", "apps", _, "secrets"] => reads ? "secrets.list" : "secrets.update",
            ["v1", "apps", _, "ip_assignments"] => reads ? "ips.list" : "ips.create",
            ["v1", "apps", _, "machines"] => reads ? "machines.list" : "machines.create",
            ["v1", "apps", _, "machines", _] => reads ? "machines.get" : request.Method == HttpMethod.Delete ? "machines.delete" : "machines.update",
            ["v1", "apps", _, "machines", _, "metadata", ..] => "metadata.update",
            ["v1", "apps", _, "machines", _, var command] => "machines." + command,
            ["v1", "orgs", _, "machines"] => "orgs.machines",
            ["v1", "platform", var question] => "platform." + question,
            ["v2", ..] => "registry.manifest",
            ["_supabase", ..] => "supabase.rest",
            ["_vm", ..] => "program.health",
            _ => "other",
        };
        return new FlySite(name, !reads && name != "platform.placements", parts is ["v1", "apps", var app, ..] ? app : null);
    }
}
