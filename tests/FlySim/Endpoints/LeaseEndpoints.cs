using System.Text.Json.Nodes;
using FlySim.Http;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Endpoints;

internal static class LeaseEndpoints
{
    public static void Map(Routes routes)
    {
        const string Path = "/v1/apps/{app}/machines/{machine}/lease";
        routes.Map("GET", Path, Operation.Read("lease.get"), Get);
        routes.Map("POST", Path, Operation.Write("lease.create", "CreateLeaseRequest", bodyOptional: true), Create);
        routes.Map("DELETE", Path, Operation.Write("lease.delete"), Release);
    }

    private static Reply Get(Call call) => call.World.ActiveLease(call.Machine()) is { } lease
        ? Reply.Ok(Envelope(lease))
        : throw new RefusedException(404, "lease not found", body: World.LeaseError("not_found", "lease not found"));

    // The time to live comes in the body, as documented, or in the query, as Fly's own client sends it.
    private static Reply Create(Call call)
    {
        var ttl = call.Body["ttl"]?.GetValue<long>() ?? call.Number("ttl");
        var lease = call.World.TakeLease(call.Machine(), ttl, call.Text("description"), call.Nonce);
        return Reply.Ok(Envelope(lease), 201);
    }

    private static Reply Release(Call call)
    {
        call.World.ReleaseLease(call.Machine(), call.Nonce);
        return Reply.Ok(new JsonObject { ["ok"] = true });
    }

    private static JsonObject Envelope(SimLease lease) => new()
    {
        ["status"] = "success",
        ["data"] = new JsonObject
        {
            ["nonce"] = lease.Nonce,
            ["expires_at"] = lease.ExpiresAt.ToUnixTimeSeconds(),
            ["owner"] = lease.Owner,
            ["description"] = lease.Description ?? "",
            ["version"] = lease.Version,
        },
    };
}
