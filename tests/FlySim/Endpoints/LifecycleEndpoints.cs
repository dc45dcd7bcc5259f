using System.Text.Json.Nodes;
using FlySim.Http;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>Start, stop, restart, suspend, cordon and wait.</summary>
internal static class LifecycleEndpoints
{
    public static void Map(Routes routes)
    {
        const string One = "/v1/apps/{app}/machines/{machine}";
        routes.Map("POST", One + "/start", Operation.Write("machines.start"), Start);
        routes.Map("POST", One + "/stop", Operation.Write("machines.stop", "StopRequest", bodyOptional: true), call => Stop(call, States.Stopped));
        routes.Map("POST", One + "/suspend", Operation.Write("machines.suspend"), call => Stop(call, States.Suspended));
        routes.Map("POST", One + "/restart", Operation.Write("machines.restart"), Restart);
        routes.Map("POST", One + "/cordon", Operation.Write("machines.cordon"), call => Reply.Ok(call.World.Cordon(call.Machine(), true, call.Nonce)));
        routes.Map("POST", One + "/uncordon", Operation.Write("machines.uncordon"), call => Reply.Ok(call.World.Cordon(call.Machine(), false, call.Nonce)));
        routes.MapAsync("GET", One + "/wait", Operation.Read("machines.wait"), WaitEndpoint.HandleAsync);
    }

    private static Reply Start(Call call)
    {
        var before = call.World.Start(call.Machine(), call.Nonce);
        return Reply.Ok(new JsonObject { ["previous_state"] = before, ["migrated"] = false, ["new_host"] = "" });
    }

    private static Reply Stop(Call call, string resting)
    {
        call.World.Stop(call.Machine(), call.Nonce, resting);
        return Ok();
    }

    private static Reply Restart(Call call)
    {
        call.World.Restart(call.Machine(), call.Nonce);
        return Ok();
    }

    private static Reply Ok() => Reply.Ok(new JsonObject { ["ok"] = true });
}
