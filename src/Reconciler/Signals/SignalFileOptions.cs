namespace Reconciler.Signals;

/// <summary>How the signal file is watched. The defaults suit a local disk.</summary>
public sealed record SignalFileOptions
{
    public static SignalFileOptions Default { get; } = new();

    /// <summary>One <c>stat</c> each: cheap enough that no file system watcher is needed, which would miss events on network and
    /// overlay mounts and run on threads of its own.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>A taken file is read when its size and time have not changed for this long.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>A taken file is read at the latest after this, and then again when it has grown.</summary>
    public TimeSpan LongestSettle { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A read file is kept this long, because a writer that had it open when it was taken may still write; what it adds
    /// makes another request.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(2);

    public int MaxBytes { get; init; } = 1024 * 1024;

    public int MaxLines { get; init; } = 100_000;
}
