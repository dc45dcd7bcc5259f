using System.Text.Json.Nodes;
using FlySim.Http;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>Metadata changes without a new version and without a restart. No lease is needed.</summary>
internal static class MetadataEndpoints
{
    public static void Map(Routes routes)
    {
        const string All = "/v1/apps/{app}/machines/{machine}/metadata";
        const string One = All + "/{key}";
        routes.Map("GET", All, Operation.Read("metadata.list"), List);
        routes.Map("PUT", All, Operation.Write("metadata.update", "updateMetadataRequest"), Update);
        routes.Map("PATCH", All, Operation.Write("metadata.update", "updateMetadataRequest"), Update);
        routes.Map("GET", One, Operation.Read("metadata.get"), Get);
        routes.Map("POST", One, Operation.Write("metadata.set", "upsertMetadataKeyRequest"), Set);
        routes.Map("DELETE", One, Operation.Write("metadata.delete"), Delete);
    }

    private static Reply List(Call call) => Reply.Ok(call.Machine().Current.Config.Node["metadata"]?.DeepClone() ?? new JsonObject());

    private static Reply Update(Call call)
    {
        var changes = call.Body["metadata"] as JsonObject ?? throw new RefusedException(400, "invalid_argument: metadata is required");
        call.World.ChangeMetadata(
            call.Machine(), [.. changes.Select(p => KeyValuePair.Create(p.Key, p.Value?.GetValue<string>()))], call.Text("machine_version"));
        return Reply.NoContent;
    }

    private static Reply Get(Call call) =>
        call.Machine().Current.Config.Metadata.TryGetValue(call.Route("key")!, out var value)
            ? Reply.Ok(new JsonObject { ["value"] = value })
            : throw new RefusedException(404, "metadata key not found");

    private static Reply Set(Call call) => Change(call, call.Text("value") ?? throw new RefusedException(400, "invalid_argument: value is required"));

    private static Reply Delete(Call call) => Change(call, null);

    private static Reply Change(Call call, string? value)
    {
        call.World.ChangeMetadata(call.Machine(), [KeyValuePair.Create(call.Route("key")!, value)], machineVersion: null);
        return Reply.NoContent;
    }
}
