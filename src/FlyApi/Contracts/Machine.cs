using System.Text.Json;
using System.Text.Json.Serialization;

namespace FlyApi.Contracts;

/// <summary>A machine in full. Everything Fly may leave out is nullable; an unknown state is kept as text.</summary>
public sealed record Machine
{
    public required string Id { get; init; }
    public string? Name { get; init; }

    /// <summary>See <see cref="MachineStates"/>; unknown ones are to be treated as transient.</summary>
    public required string State { get; init; }

    public string? Region { get; init; }

    /// <summary>The version's id; changes with each update. <c>version</c> wins over the deprecated <c>instance_id</c>.</summary>
    public string? InstanceId { get; init; }

    public string? PrivateIp { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public DateTimeOffset? UpdatedAt { get; init; }

    /// <summary>Null when the host is not ok.</summary>
    public MachineConfig? Config { get; init; }

    public MachineConfig? IncompleteConfig { get; init; }
    public ImageRef? ImageRef { get; init; }

    /// <summary><c>ok</c>, <c>unknown</c>, <c>unreachable</c>, or null when not reported.</summary>
    public string? HostStatus { get; init; }

    /// <summary>Only checks that the config names; injected ones are dropped. Empty means not reported yet.</summary>
    public IReadOnlyList<CheckStatus> Checks { get; init; } = [];

    /// <summary>Newest first.</summary>
    public IReadOnlyList<MachineEvent> Events { get; init; } = [];

    /// <summary>The lease's nonce, when the machine was born leased.</summary>
    public string? Nonce { get; init; }
}

/// <summary>What the image resolved to: the only place to learn what a mutable tag meant.</summary>
public sealed record ImageRef(string? Registry, string? Repository, string? Tag, string? Digest);

public sealed record CheckStatus(string Name, string? Status, string? Output, DateTimeOffset? UpdatedAt);

public sealed record MachineEvent(
    string? Type, string? Status, DateTimeOffset? Timestamp, int? ExitCode, bool OomKilled, bool RequestedStop, bool Restarting, int RestartCount);

/// <summary>
/// A machine's config. An update replaces it whole, so a member that this record does not name is kept in
/// <see cref="Unknown"/> and sent back unchanged. (Settable, here and below, because the JSON reader cannot initialise it.)
/// </summary>
public sealed record MachineConfig
{
    public string? Image { get; init; }
    public Guest? Guest { get; init; }
    public IReadOnlyDictionary<string, string>? Env { get; init; }
    public IReadOnlyDictionary<string, string>? Metadata { get; init; }
    public RestartPolicy? Restart { get; init; }
    public IReadOnlyDictionary<string, MachineCheck>? Checks { get; init; }

    /// <summary>Kept as JSON: the controller either writes its one entry or none, and compares as JSON.</summary>
    public JsonElement? Services { get; init; }

    public bool? AutoDestroy { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>CPU and memory of a machine.</summary>
/// <param name="CpuKind"><c>shared</c> or <c>performance</c>.</param>
/// <param name="Cpus">Shared: 1, 2, 4, 6, 8; performance: 1, 2, 4 … 16.</param>
/// <param name="MemoryMb">Shared: 256 to 2,048 per CPU in steps of 256; performance: 2,048 to 8,192 per CPU in steps of 1,024.</param>
public sealed record Guest(string? CpuKind, int Cpus, int MemoryMb)
{
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <param name="Policy"><c>no</c>, <c>always</c> or <c>on-failure</c>.</param>
public sealed record RestartPolicy(string? Policy, int? MaxRetries = null)
{
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

/// <summary>A top-level check. Durations are kept as Fly writes them ("15s"); see <see cref="FlyDuration"/> to compare them.</summary>
public sealed record MachineCheck
{
    public string? Type { get; init; }
    public int? Port { get; init; }
    public string? Method { get; init; }
    public string? Path { get; init; }

    [JsonConverter(typeof(DurationText))]
    public string? Interval { get; init; }

    [JsonConverter(typeof(DurationText))]
    public string? Timeout { get; init; }

    [JsonConverter(typeof(DurationText))]
    public string? GracePeriod { get; init; }

    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Unknown { get; set; }
}

public sealed record CreateMachineRequest
{
    public required string Name { get; init; }
    public required string Region { get; init; }
    public required MachineConfig Config { get; init; }
    public bool SkipLaunch { get; init; }
    public long? MinSecretsVersion { get; init; }

    /// <summary>Seconds; born leased when set.</summary>
    public int? LeaseTtl { get; init; }
}

public sealed record UpdateMachineRequest
{
    public required MachineConfig Config { get; init; }
    public string? Region { get; init; }

    /// <summary>The <see cref="Machine.InstanceId"/> that the change was planned on; Fly refuses when it is no longer the latest.</summary>
    public string? CurrentVersion { get; init; }

    public long? MinSecretsVersion { get; init; }
    public bool SkipLaunch { get; init; }
}

public sealed record MachineLease(string Nonce, DateTimeOffset? ExpiresAt, string? Owner, string? Description, string? Version);

/// <summary>The states Fly documents, in three classes (resting, transient, terminal).</summary>
public static class MachineStates
{
    public const string Created = "created";
    public const string Started = "started";
    public const string Stopped = "stopped";
    public const string Suspended = "suspended";
    public const string Failed = "failed";
    public const string Destroyed = "destroyed";
    public const string Destroying = "destroying";
    public const string Replaced = "replaced";
    public const string Migrated = "migrated";
    public const string Replacing = "replacing";
    public const string Updating = "updating";
    public const string Starting = "starting";
    public const string Stopping = "stopping";
    public const string Restarting = "restarting";
    public const string Creating = "creating";
    public const string LaunchFailed = "launch_failed";

    public static bool IsResting(string state) => state is Created or Started or Stopped or Suspended or Failed;

    /// <summary>The machine, or this version of it, will never run again.</summary>
    public static bool IsTerminal(string state) => state is Destroyed or Replaced or Migrated;

    /// <summary>Neither resting nor terminal; unknown states belong here, so that nothing is done to them in a hurry.</summary>
    public static bool IsTransient(string state) => !IsResting(state) && !IsTerminal(state);
}
