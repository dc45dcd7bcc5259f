using Reconciler.Leading;
using Reconciler.Observing;

namespace Reconciler.Hosting;

/// <summary>What <c>/healthz</c> and <c>/readyz</c> answer with, from the evidence of the loops themselves.</summary>
internal sealed class LifecycleProbe(TimeProvider time, TimeSpan longestTurn)
{
    private readonly DateTimeOffset _startedAt = time.GetUtcNow();

    private volatile Parts? _parts;

    private sealed record Parts(LeaderElector Elector, AppInformer Informer, FleetView View, PolicyWatcher Policies);

    public void Attach(LeaderElector elector, AppInformer informer, FleetView view, PolicyWatcher policies) =>
        _parts = new Parts(elector, informer, view, policies);

    /// <summary>The process lives and its loops advance; null = fine. Never "am I the leader".</summary>
    public string? LivenessProblem()
    {
        if (_parts is not { } parts)
        {
            return null; // starting: the database may be away, and a restart would not bring it back
        }

        var now = time.GetUtcNow();
        return Stalled("informer", parts.Informer.LastTurn, now)
            ?? Stalled("lease", parts.Elector.LastTurn, now);
    }

    /// <summary>Configuration, database and the first complete view of Fly are good, on leader and standby alike; null = ready.</summary>
    public string? ReadinessProblem() => _parts switch
    {
        null => "not connected to the database yet",
        { View.CompleteAt: null } parts => parts.Informer.Problem is { } problem
            ? $"Fly has not been read completely yet: {problem}"
            : parts.View.ErrorRegions.Count > 0
                ? $"Fly's list misses the regions {string.Join(", ", parts.View.ErrorRegions)}"
                : "Fly has not been read completely yet",
        _ => null,
    };

    private string? Stalled(string loop, DateTimeOffset lastTurn, DateTimeOffset now)
    {
        var since = lastTurn == default ? _startedAt : lastTurn;
        return now - since > longestTurn ? $"the {loop} loop has not turned for {now - since:c}" : null;
    }
}
