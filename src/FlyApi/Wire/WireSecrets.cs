using System.Text.Json.Serialization;

namespace FlyApi.Wire;

internal sealed record WireSetSecrets(IReadOnlyDictionary<string, string?> Values);

internal sealed record WireSecrets
{
    public List<WireSecret?>? Secrets { get; init; }
    public long? Version { get; init; }

    [JsonPropertyName("Version")]
    public long? DeprecatedVersion { get; init; }
}

internal sealed record WireSecret
{
    public string? Name { get; init; }
    public string? Digest { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }
}
