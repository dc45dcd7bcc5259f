namespace Demo;

internal static class ExitCode
{
    public const int EveryClaimHolds = 0;
    public const int Failed = 1;
    public const int BadUsage = 2;

    /// <summary>What shells say of a program that Ctrl-C ended.</summary>
    public const int Interrupted = 130;
}
