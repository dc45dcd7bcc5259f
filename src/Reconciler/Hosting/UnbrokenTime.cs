namespace Reconciler.Hosting;

/// <summary>
/// Since when the wall clock has gone as fast as the monotonic one. Deadlines that outlive a process are kept in wall time, and a
/// clock that is put forward must not run them all out at once.
/// </summary>
internal sealed class UnbrokenTime(TimeProvider time)
{
    /// <summary>More than a clock is put right by between two looks, less than any deadline is worth.</summary>
    private static readonly TimeSpan Jump = TimeSpan.FromSeconds(10);

    private DateTimeOffset _wall = time.GetUtcNow();
    private long _monotonic = time.GetTimestamp();
    private DateTimeOffset _since = time.GetUtcNow();

    /// <summary>Looks at both clocks, and says since when they have agreed from one look to the next; at first since it was made.</summary>
    public DateTimeOffset Since()
    {
        var (wall, monotonic) = (time.GetUtcNow(), time.GetTimestamp());
        var jumped = wall - _wall - time.GetElapsedTime(_monotonic, monotonic);
        (_wall, _monotonic) = (wall, monotonic);
        return _since = jumped.Duration() > Jump ? wall : _since;
    }
}
