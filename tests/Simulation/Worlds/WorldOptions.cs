using FlySim;

namespace Simulation.Worlds;

/// <summary>What one run is made of, drawn from its seed or set by a story.</summary>
internal sealed record WorldOptions
{
    public required ulong Seed { get; init; }

    public required IFaultSource Faults { get; init; }

    /// <summary>Machines that run the daemon.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Each node has a lease of its own, so that all of them act: what P1, P3 and P4 must survive.</summary>
    public bool LeaseOff { get; init; }

    /// <summary>Lines for a reader are kept, and the log is taken in from level Debug.</summary>
    public bool KeepLines { get; init; }

    /// <summary>Numbers what happens; shared with the source of faults.</summary>
    public Disturbances Disturbances { get; init; } = new();

    public SimSettings Fly { get; init; } = FlyTimes.Usual;

    /// <summary>Settings of the daemon that differ from <see cref="Configurations"/>' base.</summary>
    public Configuration Configuration { get; init; } = new();

    /// <summary>By node; the last stands for all that follow.</summary>
    public IReadOnlyList<ClockNature> Clocks { get; init; } = [ClockNature.Right];

    /// <summary>How long nothing must be written at the end: longer than an audit and a resync take to come round.</summary>
    public TimeSpan Silence { get; init; } = TimeSpan.FromSeconds(75);

    public TimeSpan DatabaseClockOffset { get; init; }

    /// <summary>Probabilities that one notification is lost, doubled or late.</summary>
    public double NotificationTrouble { get; init; }
}

/// <summary>How fast the model of Fly is.</summary>
internal static class FlyTimes
{
    /// <summary>Times in the order of Fly's own, a little shorter; its published limits.</summary>
    public static SimSettings Usual { get; } = new()
    {
        BootMs = 1_500,
        UpdateMs = 1_000,
        StopMs = 400,
        DestroyMs = 500,
        CreatedHoldMs = 700,
        AppDeleteMs = 800,
        CheckMs = 500,
        GraceScale = 0.1,
        CrashAfterMs = 500,
        CrashRestartMs = 1_000,
        AlwaysGivesUpAfter = 3,
        WholeSeconds = false,
    };
}
