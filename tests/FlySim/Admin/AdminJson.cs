using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlySim.Admin;

/// <summary>How the admin API writes JSON, on both sides.</summary>
internal static class AdminJson
{
    public static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,

        // A misspelt setting or fault would otherwise leave a test green that tests nothing.
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    };
}
