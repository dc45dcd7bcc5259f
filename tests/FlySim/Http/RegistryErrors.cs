using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Http;

/// <summary>The registry's own shape of errors.</summary>
internal static class RegistryErrors
{
    public static Reply Reply(RefusedException refusal)
    {
        var error = new JsonObject { ["code"] = refusal.Code ?? "UNKNOWN", ["message"] = refusal.Message };
        return Http.Reply.Ok(new JsonObject { ["errors"] = new JsonArray(error) }, refusal.Status) with { Error = refusal.Message };
    }
}
