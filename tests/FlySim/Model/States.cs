namespace FlySim.Model;

/// <summary>The machine states that the platform documents and this simulator produces.</summary>
internal static class States
{
    public const string Created = "created";
    public const string Starting = "starting";
    public const string Started = "started";
    public const string Stopping = "stopping";
    public const string Stopped = "stopped";
    public const string Suspended = "suspended";
    public const string Restarting = "restarting";
    public const string Replacing = "replacing";
    public const string Failed = "failed";
    public const string Destroying = "destroying";
    public const string Destroyed = "destroyed";

    /// <summary>States in which a machine waits for the next command; what <c>wait?state=settled</c> waits for.</summary>
    public static bool IsSettled(string state) => state is Started or Stopped or Suspended or Failed or Destroyed;
}
