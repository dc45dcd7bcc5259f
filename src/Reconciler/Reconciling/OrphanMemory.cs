using System.Collections.Concurrent;
using Reconciler.Model;
using Reconciler.Reporting;
using Store;

namespace Reconciler.Reconciling;

/// <summary>
/// What is remembered of an app, from its row; and of one whose row is gone with its user, from this process. Without it, looks
/// that have to agree over a while would begin anew each time, and the app's last records would never be released.
/// A restart costs such an app that while once more.
/// </summary>
internal sealed class OrphanMemory
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _away = new(StringComparer.Ordinal);

    public AppMemory Of(UserApp user, DateTimeOffset now)
    {
        var memory = ReportJson.ReadMemory(user.ControllerState, now);
        return user.RowId is null && _away.TryGetValue(user.AppName, out var since) ? memory with { AwaySince = since } : memory;
    }

    /// <param name="isOver">The app's last records were released: nobody will look at it again.</param>
    public void Keep(UserApp user, AppMemory memory, bool isOver)
    {
        if (user.RowId is null && !isOver && memory.AwaySince is { } since)
        {
            _away[user.AppName] = since;
        }
        else
        {
            _away.TryRemove(user.AppName, out _);
        }
    }
}
