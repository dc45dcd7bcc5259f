using FlySim.Http;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>The machines' own port 8080, reachable under the simulator's address.</summary>
internal static class MachineProgramEndpoints
{
    public static void Map(Routes routes) => routes.Map(
        "GET", "/_vm/{app}/{machine}/health", new Operation("program.health", Realm.MachineProgram), Health);

    private static Reply Health(Call call)
    {
        var machine = call.World.Apps.FirstOrDefault(a => a.Name == call.AppName)?.Machines.GetValueOrDefault(call.MachineId!);
        if (machine is not { State: States.Started, HostOk: true, ProcessAlive: true, Boot.Outcome.Runs: true })
        {
            return Reply.Failed(502, "connection refused");
        }

        var (status, json) = HealthBody.Of(machine, call.World.Now);
        return Reply.Ok(json, status);
    }
}
