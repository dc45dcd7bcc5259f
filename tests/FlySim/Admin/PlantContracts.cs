using System.Text.Json.Nodes;

namespace FlySim.Admin;

/// <summary>An app put into the world behind the API's back.</summary>
public sealed record PlantApp
{
    public required string Name { get; init; }

    /// <summary>The token's organisation when absent; another one makes it foreign.</summary>
    public string? Org { get; init; }

    public string Network { get; init; } = "default";

    public IReadOnlyList<PlantMachine> Machines { get; init; } = [];

    /// <summary>Secrets set beforehand, version 1.</summary>
    public IReadOnlyDictionary<string, string>? Secrets { get; init; }
}

/// <summary>A machine put into the world as it is, unchecked: what older tools and hands left behind.</summary>
public sealed record PlantMachine
{
    public string? Id { get; init; }

    public string? Name { get; init; }

    /// <summary>The server's default region when absent.</summary>
    public string? Region { get; init; }

    /// <summary>Any state; <c>started</c> boots its program at once, with the config's env and the app's secrets.</summary>
    public string State { get; init; } = "started";

    public required JsonObject Config { get; init; }

    public string HostStatus { get; init; } = "ok";

    public DateTimeOffset? CreatedAt { get; init; }
}

/// <summary>A change to a machine behind the API's back. What is null stays.</summary>
public sealed record EditMachine
{
    public string? Name { get; init; }

    public string? State { get; init; }

    public string? Region { get; init; }

    /// <summary><c>ok</c>, <c>unknown</c> or <c>unreachable</c>.</summary>
    public string? HostStatus { get; init; }

    /// <summary>Replaces the whole config, before the members below are applied.</summary>
    public JsonObject? Config { get; init; }

    public JsonObject? Guest { get; init; }

    public JsonObject? Env { get; init; }

    public JsonObject? Metadata { get; init; }

    public string? Image { get; init; }

    /// <summary>Overrides the running program's health.</summary>
    public bool? Healthy { get; init; }

    /// <summary>Whether the edit gives the machine a new version id, as a hand-made update would. Default true when the config changes.</summary>
    public bool NewVersion { get; init; } = true;
}

/// <summary>A lease held by somebody else.</summary>
public sealed record HoldLease
{
    public int TtlSeconds { get; init; } = 60;

    public string Owner { get; init; } = "another-actor@tokens.fly.io";

    public string? Description { get; init; }
}

public sealed record HeldLease(string Nonce, DateTimeOffset ExpiresAt);

/// <summary>Machines a region still takes; null = no limit.</summary>
public sealed record RegionCapacity(int? Capacity);

/// <summary>Keys for the Supabase stand-in. When any good key is named, every other key is bad.</summary>
public sealed record SupabaseKeys
{
    public IReadOnlyList<string> Good { get; init; } = [];

    public IReadOnlyList<string> Bad { get; init; } = [];
}

public sealed record PlantedMachine(string Id, string InstanceId);
