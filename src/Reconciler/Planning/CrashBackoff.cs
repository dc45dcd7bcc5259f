using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>
/// How long to leave a machine alone between restarts of ours: 0, 10, 20 … 300 s (Kubernetes' CrashLoopBackOff). Fly's own
/// restart policy comes first; this counts only what we do after it gave up.
/// </summary>
internal static class CrashBackoff
{
    private static readonly TimeSpan Base = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Cap = TimeSpan.FromMinutes(5);

    /// <summary>From this many restarts on, the user is told that the machine is crash-looping.</summary>
    public const int LoopingFrom = 3;

    /// <summary>Time left until the next restart is due; zero when it is due. One that lies ahead was counted before our clock went back:
    /// how long ago it was is not known, and one try too early costs less than an hour of waiting.</summary>
    public static TimeSpan Remaining(CrashMemory? crash, DateTimeOffset now)
    {
        if (crash is null || crash.LastRestart > now)
        {
            return TimeSpan.Zero;
        }

        var wait = TimeSpan.FromSeconds(Math.Min(Cap.TotalSeconds, Base.TotalSeconds * Math.Pow(2, Math.Min(crash.Restarts - 1, 16))));
        var due = crash.LastRestart + wait;
        return due <= now ? TimeSpan.Zero : due - now;
    }

    public static AppMemory Count(AppMemory memory, DateTimeOffset now) =>
        memory with { Crash = new CrashMemory((memory.Crash?.Restarts ?? 0) + 1, now, [.. (memory.Crash?.Latest ?? []).TakeLast(LoopingFrom - 1), now]) };

    /// <summary>Whether the restarts since an instant alone make a loop. The count of them all goes back to machines and revisions before
    /// it, and is forgotten only by a user who is as wished.</summary>
    public static bool IsLoopingSince(CrashMemory? crash, DateTimeOffset since) =>
        crash?.Latest is { } latest && latest.Count(at => at >= since) >= LoopingFrom;
}
