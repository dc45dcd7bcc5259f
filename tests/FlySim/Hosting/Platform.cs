using FlySim.Admin;
using FlySim.Endpoints;
using FlySim.Http;
using FlySim.Worlds;

namespace FlySim.Hosting;

/// <summary>A world with everything that answers for it: what both hosts serve.</summary>
internal sealed class Platform
{
    private readonly RouteTable _table;

    public Platform(FlySimOptions options)
    {
        World = new World(options);
        Control = new SimControl(World);
        var routes = new Routes(new Dispatcher(World));
        AppEndpoints.Map(routes);
        SecretEndpoints.Map(routes);
        MachineEndpoints.Map(routes);
        LifecycleEndpoints.Map(routes);
        LeaseEndpoints.Map(routes);
        MetadataEndpoints.Map(routes);
        OrgEndpoints.Map(routes);
        PlatformEndpoints.Map(routes);
        RegistryEndpoints.Map(routes);
        MachineProgramEndpoints.Map(routes);
        SupabaseEndpoints.Map(routes);
        AdminEndpoints.Map(new AdminRoutes(routes.Table), Control);
        _table = routes.Table;
    }

    public World World { get; }

    public SimControl Control { get; }

    /// <summary>The answer, or null when the connection is to break without one.</summary>
    public Task<Reply?> AnswerAsync(SimRequest request) => _table.AnswerAsync(request);
}
