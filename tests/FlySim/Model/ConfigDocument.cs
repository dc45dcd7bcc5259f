using System.Buffers;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace FlySim.Model;

/// <summary>
/// A machine's config as stored. Never changed in place: an update makes a new one, so that lists, versions and views
/// can share it.
/// </summary>
internal sealed class ConfigDocument
{
    private static readonly string[] OverviewMembers = ["guest", "image", "metadata"];
    private static readonly string[] OnlyTheHostKnows = ["env", "init", "dns", "files", "checks", "processes"];
    private byte[]? _json;
    private byte[]? _overview;
    private byte[]? _incomplete;

    public ConfigDocument(JsonObject node)
    {
        Node = node;
        Image = node["image"]?.GetValue<string>() ?? "";
    }

    public JsonObject Node { get; }

    public string Image { get; }

    public JsonObject? Guest => Node["guest"] as JsonObject;

    public JsonObject? Checks => Node["checks"] as JsonObject;

    public JsonArray? Services => Node["services"] as JsonArray;

    public bool AutoDestroy => Node["auto_destroy"]?.GetValue<bool>() ?? false;

    public IReadOnlyDictionary<string, string> Env => Strings("env");

    public IReadOnlyDictionary<string, string> Metadata => Strings("metadata");

    /// <summary>The whole as JSON; like its parts rendered once, because configs are read again and again.</summary>
    public ReadOnlySpan<byte> Json => _json ??= JsonSerializer.SerializeToUtf8Bytes(Node);

    /// <summary>The part that the organisation's list shows.</summary>
    public ReadOnlySpan<byte> Overview => _overview ??= Render(OverviewMembers.Contains);

    /// <summary>What the platform can rebuild without the host: not enough to clone from.</summary>
    public ReadOnlySpan<byte> Incomplete => _incomplete ??= Render(name => !OnlyTheHostKnows.Contains(name));

    public ConfigDocument With(string member, JsonNode? value)
    {
        var node = (JsonObject)Node.DeepClone();
        node[member] = value?.DeepClone();
        return new ConfigDocument(node);
    }

    public ConfigDocument WithMetadata(IEnumerable<KeyValuePair<string, string?>> changes)
    {
        var metadata = (JsonObject?)Node["metadata"]?.DeepClone() ?? [];
        foreach (var (key, value) in changes)
        {
            // Fly: "Null values and empty strings remove keys."
            if (string.IsNullOrEmpty(value))
            {
                metadata.Remove(key);
            }
            else
            {
                metadata[key] = value;
            }
        }

        return With("metadata", metadata);
    }

    private Dictionary<string, string> Strings(string member) =>
        Node[member] is JsonObject map
            ? map.Where(p => p.Value is not null).ToDictionary(p => p.Key, p => p.Value!.GetValue<string>(), StringComparer.Ordinal)
            : [];

    private byte[] Render(Func<string, bool> shown)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (member, value) in Node.Where(m => shown(m.Key)).OrderBy(m => m.Key, StringComparer.Ordinal))
            {
                writer.WritePropertyName(member);
                if (value is null)
                {
                    writer.WriteNullValue();
                }
                else
                {
                    value.WriteTo(writer);
                }
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
