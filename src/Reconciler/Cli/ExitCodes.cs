namespace Reconciler.Cli;

/// <summary>What the process says to the script that called it.</summary>
internal static class ExitCodes
{
    public const int Fine = 0;

    /// <summary>Drift, or not converged.</summary>
    public const int NotConverged = 1;

    /// <summary>Bad usage or configuration.</summary>
    public const int BadConfiguration = 2;

    /// <summary>A dependency (database, Fly) cannot be reached.</summary>
    public const int Unreachable = 3;
}
