using Cronos;
using FlyApi.Contracts;
using Reconciler.Images;
using Reconciler.Model;
using Reconciler.Rollouts;
using Reconciler.Secrets;

namespace Reconciler.Configuration;

/// <summary>The whole configuration, valid. Prints and serialises without any secret's value.</summary>
public sealed record Settings
{
    public required ReconcilerMode Mode { get; init; }

    /// <summary>For whom <see cref="ReconcilerMode.Enforce"/> acts.</summary>
    public required EnforcementScope EnforceFor { get; init; }

    /// <summary>As written; the store parses it.</summary>
    public required SecretText DatabaseUrl { get; init; }

    public required FlySettings Fly { get; init; }
    public required ImageSource Image { get; init; }
    public required MachineSecrets MachineSecrets { get; init; }

    /// <summary>Whether the service key is tried against Supabase before it is rolled out, or judged by its form only.</summary>
    public required bool VerifyServiceKeyOnline { get; init; }

    public required FleetSettings Fleet { get; init; }
    public required LoopSettings Loops { get; init; }
    public required LeaseSettings Lease { get; init; }
    public required GuardSettings Guards { get; init; }
    public required Timings Timings { get; init; }
    public required HealthProbeSettings HealthProbe { get; init; }
    public required HttpSettings Http { get; init; }
    public required ConsoleSettings Console { get; init; }
    public required PriceTable Prices { get; init; }
    public required RolloutSettings Rollout { get; init; }

    /// <summary>Whether anything is changed for this user, or only told.</summary>
    public bool Acts(Guid userId, string tier) => Mode == ReconcilerMode.Enforce && EnforceFor.Covers(userId, tier);
}

public enum ReconcilerMode
{
    /// <summary>Make it so.</summary>
    Enforce,

    /// <summary>Watch and report; nothing at Fly is changed.</summary>
    Observe,
}

/// <summary>What every user of a tier gets.</summary>
public sealed record FleetSettings
{
    /// <summary>Begins the name of every user's app.</summary>
    public required string AppNamePrefix { get; init; }

    /// <summary>Guest by tier (<c>pro</c>, <c>elite</c>).</summary>
    public required IReadOnlyDictionary<string, Guest> Guests { get; init; }

    /// <summary>Environment that is not secret, ordinally sorted.</summary>
    public required IReadOnlyDictionary<string, string> Env { get; init; }

    public required bool PublicIngress { get; init; }
    public required HealthCheckPolicy Check { get; init; }
}

/// <summary>How often and how widely the controller looks.</summary>
public sealed record LoopSettings
{
    /// <summary>When every user is reconciled whether or not something changed (UTC).</summary>
    public required CronExpression ResyncSchedule { get; init; }

    /// <summary>When the database is compared with Fly as a whole (UTC).</summary>
    public required CronExpression AuditSchedule { get; init; }

    public required int Workers { get; init; }

    /// <summary>Touching it, or writing user ids into it, forces a reconcile.</summary>
    public required string SignalFile { get; init; }

    /// <summary>Between two reads of what changed in Fly's list.</summary>
    public required TimeSpan InformerInterval { get; init; }

    /// <summary>Between two reads of the whole list.</summary>
    public required TimeSpan FullListInterval { get; init; }

    public required TimeSpan ImagePollInterval { get; init; }

    /// <summary>How long reconciles under way may take to finish at shutdown.</summary>
    public required TimeSpan DrainTimeout { get; init; }
}

public sealed record LeaseSettings(string Name, TimeSpan Ttl, TimeSpan Renew);

/// <summary>What keeps a wrong input from destroying the fleet.</summary>
public sealed record GuardSettings
{
    /// <summary>Machines and apps destroyed per hour; the larger of this and the share counts.</summary>
    public required int DestroyBudget { get; init; }

    /// <summary>Of the fleet, 0 to 1.</summary>
    public required double DestroyBudgetShare { get; init; }

    /// <summary>A loss of entitled users within <see cref="ShrinkWindow"/> above this share (0 to 1) and above
    /// <see cref="ShrinkTripwireMinimum"/> users stops all stopping and destroying.</summary>
    public required double ShrinkTripwireShare { get; init; }

    public required int ShrinkTripwireMinimum { get; init; }
    public required TimeSpan ShrinkWindow { get; init; }
}
