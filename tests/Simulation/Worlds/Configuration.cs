namespace Simulation.Worlds;

/// <summary>What a run sets differently from production's defaults.</summary>
internal sealed record Configuration
{
    /// <summary>Deadlines of a minute or so instead of five and ten.</summary>
    public bool ShortDeadlines { get; init; } = true;

    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(90);

    public TimeSpan InformerInterval { get; init; } = TimeSpan.FromSeconds(5);

    public TimeSpan LeaseTtl { get; init; } = TimeSpan.FromSeconds(15);

    public string ResyncSchedule { get; init; } = "*/2 * * * *";

    public string AuditSchedule { get; init; } = "*/1 * * * *";

    public int Workers { get; init; } = 4;

    public int DestroyBudget { get; init; } = 5;

    public bool PublicIngress { get; init; }

    public bool Probe { get; init; } = true;

    public string Image { get; init; } = Names.Image;

    public string Org { get; init; } = Names.Org;

    public string ServiceKey { get; init; } = Names.ServiceKey;

    /// <summary>A value of the plain environment, by which two versions of the configuration differ.</summary>
    public string Release { get; init; } = "1";

    /// <summary>Users that a rollout may have down at once.</summary>
    public int MaxUnavailable { get; init; } = 1;

    public string LeaseName { get; init; } = "reconciler";
}
