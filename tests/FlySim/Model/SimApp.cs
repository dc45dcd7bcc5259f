namespace FlySim.Model;

/// <summary>One app with all it holds. Changed only by the world, under its lock.</summary>
internal sealed class SimApp(string name, string org, string network, long numericId, string secretsSalt, DateTimeOffset createdAt)
{
    public string Name { get; } = name;

    /// <summary>Who has it; a person can hand it to another organisation.</summary>
    public string Org { get; set; } = org;

    public string Network { get; } = network;

    public long NumericId { get; } = numericId;

    public DateTimeOffset CreatedAt { get; } = createdAt;

    public DateTimeOffset VisibleAt { get; set; }

    /// <summary>When its accepted deletion is done; null while nobody deletes it.</summary>
    public DateTimeOffset? GoneAt { get; set; }

    public bool Deleting => GoneAt is not null;

    public bool EverDeployed { get; set; }

    public Dictionary<string, SimMachine> Machines { get; } = new(StringComparer.Ordinal);

    public SecretStore Secrets { get; } = new(secretsSalt);

    public List<SimIp> Ips { get; } = [];

    public IEnumerable<SimMachine> LiveMachines => Machines.Values.Where(m => !m.IsDestroyed);
}

internal sealed record SimIp(string Address, string Type, string? Region, DateTimeOffset CreatedAt);
