using System.Text.Json.Nodes;

namespace FlySim.Model;

/// <summary>The platform's refusal of a request: a status and the text that clients match on.</summary>
public sealed class RefusedException(int status, string error, string? code = null, JsonObject? body = null) : Exception(error)
{
    public int Status { get; } = status;

    /// <summary>The machine-readable <c>status</c> of the body, where the platform has one.</summary>
    public string? Code { get; } = code;

    /// <summary>The whole body, for the few calls whose errors have another shape.</summary>
    public JsonObject? Body { get; } = body;
}
