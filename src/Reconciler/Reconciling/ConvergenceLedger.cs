using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reporting;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Reconciling;

/// <summary>
/// In memory, for this term of leadership: who is not converged and since when, and what each converged user looks like in
/// the organisation's list, so that our own changes coming back as news cause no second look.
/// </summary>
internal sealed class ConvergenceLedger(TimeProvider time, ReconcilerTelemetry telemetry)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, DateTimeOffset> _unconverged = [];
    private readonly Dictionary<Guid, DateTimeOffset> _seenGood = [];
    private readonly Dictionary<Guid, string[]> _drifts = [];
    private readonly Dictionary<string, Entry> _apps = new(StringComparer.Ordinal);

    private readonly record struct Entry(Guid UserId, string? Wish, long Fingerprint);

    /// <summary>A new term begins: what happened meanwhile is another leader's to tell.</summary>
    public void Begin()
    {
        lock (_gate)
        {
            _unconverged.Clear();
            _drifts.Clear();
        }
    }

    /// <summary>The wish of a user changed, or was found unmet: the clock of its convergence starts.</summary>
    public void Wished(Guid userId)
    {
        lock (_gate)
        {
            _unconverged.TryAdd(userId, time.GetUtcNow());
        }
    }

    public void Saw(Snapshot snapshot, StatusWrite status, bool converged)
    {
        var userId = snapshot.Desired.UserId;
        var wish = snapshot.Desired.Phase != Phase.Run ? Fingerprint.StoppedWish
            : snapshot.Desired.Machine is { } machine ? Fingerprint.RunningWish(machine.Hash, snapshot.Policy)
            : null;
        var open = !converged && !snapshot.Desired.Paused; // a pause is a person's, who knows that the user waits
        var first = open ? NotReadySince(snapshot) ?? time.GetUtcNow() : default;
        DateTimeOffset? since = null;
        lock (_gate)
        {
            _apps[status.AppName] = new Entry(userId, wish, status.Fingerprint);
            if (converged)
            {
                _seenGood[userId] = snapshot.Now;
            }
            else
            {
                _seenGood.Remove(userId);
            }

            if (open)
            {
                _unconverged.TryAdd(userId, first);
            }
            else if (_unconverged.Remove(userId, out var start) && converged)
            {
                since = start;
            }
        }

        if (since is { } wished)
        {
            telemetry.Converged(snapshot.Desired.Tier, time.GetUtcNow() - wished);
        }
    }

    /// <summary>What differs for the user, as <see cref="DriftKind"/> names it.</summary>
    public void Planned(Guid userId, Plan plan)
    {
        var kinds = DriftKind.Of(plan);
        lock (_gate)
        {
            if (kinds.Length == 0)
            {
                _drifts.Remove(userId);
            }
            else
            {
                _drifts[userId] = kinds;
            }
        }
    }

    public void Index(IEnumerable<AppSummary> summaries)
    {
        lock (_gate)
        {
            foreach (var summary in summaries)
            {
                if (!_apps.ContainsKey(summary.AppName))
                {
                    _apps[summary.AppName] = new Entry(summary.UserId, null, summary.Fingerprint);
                }
            }
        }
    }

    /// <summary>When the last look found the user as wished; null when it did not, or there was none in this process.</summary>
    public DateTimeOffset? SeenGoodAt(Guid userId)
    {
        lock (_gate)
        {
            return _seenGood.TryGetValue(userId, out var at) ? at : null;
        }
    }

    public void Forget(Guid userId)
    {
        lock (_gate)
        {
            _seenGood.Remove(userId);
            _unconverged.Remove(userId);
            _drifts.Remove(userId);
        }
    }

    /// <summary>Whose app this is, unless the list shows just what the last reconcile left behind; null when it is nobody's of ours.</summary>
    public Guid? WorthALook(string appName, IReadOnlyList<FlyApi.Contracts.OrgMachine> machines)
    {
        lock (_gate)
        {
            if (!_apps.TryGetValue(appName, out var entry))
            {
                return null;
            }

            var known = entry is { Wish: { } wish, Fingerprint: not 0 } && machines is [var machine]
                && Fingerprint.Of(wish, machine.Id, machine.InstanceId, machine.State, machine.Region) == entry.Fingerprint;
            return known ? null : entry.UserId;
        }
    }

    /// <summary>Users by what differs for them; a user can be in several.</summary>
    public IReadOnlyDictionary<string, int> DriftCounts()
    {
        lock (_gate)
        {
            return _drifts.Values.SelectMany(static kinds => kinds).CountBy(static kind => kind).ToDictionary(StringComparer.Ordinal);
        }
    }

    public (int Count, TimeSpan Oldest) Unconverged()
    {
        lock (_gate)
        {
            return _unconverged.Count == 0 ? (0, TimeSpan.Zero) : (_unconverged.Count, time.GetUtcNow() - _unconverged.Values.Min());
        }
    }

    /// <summary>For a user whom this term sees for the first time: the row remembers what an earlier leader saw. A wish that nobody
    /// has observed starts a clock of its own, and a machine that is to go was never meant to be Ready.</summary>
    private static DateTimeOffset? NotReadySince(Snapshot snapshot) =>
        snapshot.Desired.Phase == Phase.Run && snapshot.User.Generation == snapshot.User.ObservedGeneration
        && ReportJson.ReadConditions(snapshot.User.Conditions).FirstOrDefault(c => c.Type == ConditionTypes.Ready) is { Status: not ConditionStatus.True } ready
            ? ready.LastTransitionTime
            : null;
}
