using Store;

namespace Reconciler.WebConsole.Fleet;

/// <summary>Everything the fleet page shows, as read at one moment.</summary>
internal sealed record FleetState
{
    public required DateTimeOffset ReadAt { get; init; }

    /// <summary>Ordered by app name.</summary>
    public required IReadOnlyList<FleetRow> Rows { get; init; }

    /// <summary>Null = the lease was never taken.</summary>
    public required LeaseRow? Lease { get; init; }

    /// <summary>This process leads.</summary>
    public required bool IsLeader { get; init; }

    /// <summary>The shrink tripwire's words; null = it does not hold.</summary>
    public required string? Hold { get; init; }

    public required DateTimeOffset? HeldSince { get; init; }

    /// <summary>Destructions in the last hour, and how many are allowed.</summary>
    public required int Destroyed { get; init; }
    public required int DestroyLimit { get; init; }

    /// <summary>When this process last read Fly without a failure; null = not yet.</summary>
    public required DateTimeOffset? SnapshotAt { get; init; }

    /// <summary>What is wrong with reading Fly; null = nothing.</summary>
    public required string? SnapshotProblem { get; init; }

    public required IReadOnlyList<string> ErrorRegions { get; init; }
    public required string? ImageProblem { get; init; }
    public required string? KeyProblem { get; init; }
    public required bool ObserveOnly { get; init; }

    /// <summary>The newest actions of operators, newest first.</summary>
    public required IReadOnlyList<OperatorAction> Actions { get; init; }

    public bool IsLed => Lease is { Expired: false, Holder: not "" };
}
