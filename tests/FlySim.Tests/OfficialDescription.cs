using System.Text.Json.Nodes;

namespace FlySim.Tests;

/// <summary>
/// The official description of the API, when a copy lies in a folder "shared" beside or above the repository, or where
/// FLY_MACHINES_OPENAPI says.
/// </summary>
internal sealed class OfficialDescription(JsonObject root)
{
    public static OfficialDescription? Find()
    {
        if (Environment.GetEnvironmentVariable("FLY_MACHINES_OPENAPI") is { Length: > 0 } named)
        {
            return Read(named);
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var file = Path.Combine(folder.FullName, "shared", "fly-machines-openapi.json");
            if (File.Exists(file))
            {
                return Read(file);
            }
        }

        return null;
    }

    private static OfficialDescription Read(string file) => new((JsonObject)JsonNode.Parse(File.ReadAllText(file))!);

    public JsonObject Schema(string name) => (JsonObject)root["components"]!["schemas"]![name]!;

    public JsonObject? ResponseSchema(string method, string path, int status) =>
        root["paths"]?[path]?[method]?["responses"]?[status.ToString(System.Globalization.CultureInfo.InvariantCulture)]
            ?["content"]?["application/json"]?["schema"] as JsonObject;

    public JsonObject Resolve(JsonObject schema)
    {
        if (schema["$ref"]?.GetValue<string>() is { } reference)
        {
            return Resolve(Schema(reference.Split('/')[^1]));
        }

        return schema["allOf"] is JsonArray all ? Resolve((JsonObject)all[0]!) : schema;
    }

    /// <summary>Lists where a value leaves its schema: members that are not described, and types that are not the described ones.</summary>
    public IEnumerable<string> Departures(JsonNode? value, JsonObject schema, string path)
    {
        var resolved = Resolve(schema);
        return (value, resolved["type"]?.GetValue<string>()) switch
        {
            (null, _) or (_, null) => [],
            (JsonObject body, "object") => body.SelectMany(p => MemberDepartures(p.Key, p.Value, resolved, $"{path}.{p.Key}")),
            (JsonArray list, "array") => list.SelectMany((item, i) => Departures(item, (JsonObject)resolved["items"]!, $"{path}[{i}]")),
            (JsonValue scalar, var type) when Fits(scalar, type) => [],
            (_, var type) => [$"{path} is {value.GetValueKind()}, described as {type}"],
        };
    }

    private IEnumerable<string> MemberDepartures(string name, JsonNode? value, JsonObject schema, string path)
    {
        if (schema["properties"]?[name] is JsonObject member)
        {
            return Departures(value, member, path);
        }

        if (schema["additionalProperties"] is JsonObject additional)
        {
            return Departures(value, additional, path);
        }

        return schema["properties"] is null ? [] : [$"{path} is not described"];
    }

    private static bool Fits(JsonValue value, string type) => type switch
    {
        "string" => value.GetValueKind() == System.Text.Json.JsonValueKind.String,
        "integer" => value.TryGetValue<long>(out _),
        "number" => value.GetValueKind() == System.Text.Json.JsonValueKind.Number,
        "boolean" => value.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        _ => false,
    };
}
