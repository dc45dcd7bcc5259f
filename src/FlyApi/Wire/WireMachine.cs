using System.Text.Json;
using FlyApi.Contracts;

namespace FlyApi.Wire;

internal sealed record WireMachine
{
    public string? Id { get; init; }
    public string? Name { get; init; }
    public string? State { get; init; }
    public string? Region { get; init; }
    public string? Version { get; init; }
    public string? InstanceId { get; init; }
    public string? PrivateIp { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }
    public MachineConfig? Config { get; init; }
    public MachineConfig? IncompleteConfig { get; init; }
    public ImageRef? ImageRef { get; init; }
    public string? HostStatus { get; init; }
    public List<WireCheck?>? Checks { get; init; }
    public List<WireEvent?>? Events { get; init; }
    public string? Nonce { get; init; }
}

internal sealed record WireCheck
{
    public string? Name { get; init; }
    public string? Status { get; init; }
    public string? Output { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }
}

internal sealed record WireEvent
{
    public string? Type { get; init; }
    public string? Status { get; init; }
    public DateTimeOffset? Timestamp { get; init; }

    /// <summary>Its shape depends on the type, so it is kept as it came.</summary>
    public JsonElement? Request { get; init; }
}

internal sealed record WireCreateMachine
{
    public required string Name { get; init; }
    public required string Region { get; init; }
    public required MachineConfig Config { get; init; }
    public bool? SkipLaunch { get; init; }
    public long? MinSecretsVersion { get; init; }
    public int? LeaseTtl { get; init; }
}

internal sealed record WireUpdateMachine
{
    public required MachineConfig Config { get; init; }
    public string? Region { get; init; }
    public string? CurrentVersion { get; init; }
    public bool? SkipLaunch { get; init; }
    public long? MinSecretsVersion { get; init; }
}

internal sealed record WireStart
{
    public string? Status { get; init; }
    public string? Message { get; init; }
}

internal sealed record WireWait
{
    public bool? Ok { get; init; }
}

internal sealed record WireMetadataPatch(IReadOnlyDictionary<string, string?> Metadata);
