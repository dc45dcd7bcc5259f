using Reconciler.Reconciling;

namespace Reconciler.Hosting;

/// <summary>How a set of users that somebody waits for turned out.</summary>
/// <param name="Pending">Users that did not converge, with the reason; ordered by id.</param>
internal sealed record TrackedOutcome(IReadOnlyList<(Guid UserId, string Reason, string Message)> Pending)
{
    public bool Converged => Pending.Count == 0;
}

/// <summary>
/// Follows the users of a force or of a <c>once</c> until each has converged, or will not soon: blocked, failed with a long
/// wait ahead, or failed again and again.
/// </summary>
internal sealed class ForceTracker(TimeProvider time)
{
    private const int MaxFailures = 4;

    /// <summary>A failure that is tried again sooner than this is not an answer yet.</summary>
    private static readonly TimeSpan SoonEnough = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly List<Tracked> _tracked = [];
    private long _turn;

    /// <summary>To be taken when a reconcile begins: one that began before somebody asked is no answer to what was asked.</summary>
    public long Turn => Interlocked.Read(ref _turn);

    private sealed class Tracked(IEnumerable<Guid> users, long turn)
    {
        public long Turn { get; } = turn;

        public SortedDictionary<Guid, (string Reason, string Message)> Open { get; } =
            new(users.Distinct().ToDictionary(u => u, _ => ("NotYetReconciled", "not reconciled yet")));

        public Dictionary<Guid, int> Failures { get; } = [];
        public List<(Guid, string, string)> Given { get; } = [];
        public TaskCompletionSource Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <param name="users">Whom to follow.</param>
    /// <param name="limit">After this, what is still open is reported as it stands.</param>
    /// <param name="enqueue">Called once the users are followed, so that no result can be missed.</param>
    /// <param name="cancellationToken">Ends the waiting; what is open is then reported as it stands.</param>
    public async Task<TrackedOutcome> TrackAsync(
        IReadOnlyCollection<Guid> users, TimeSpan limit, Action enqueue, CancellationToken cancellationToken)
    {
        var tracked = new Tracked(users, Interlocked.Increment(ref _turn));
        lock (_gate)
        {
            _tracked.Add(tracked);
        }

        try
        {
            enqueue();
            if (users.Count > 0)
            {
                await tracked.Done.Task.WaitAsync(limit, time, cancellationToken);
            }
        }
        catch (Exception exception) when (exception is TimeoutException or OperationCanceledException)
        {
            // Not an error of ours: the outcome says what is still open.
        }
        finally
        {
            lock (_gate)
            {
                _tracked.Remove(tracked);
            }
        }

        lock (_gate)
        {
            return new([.. tracked.Given.Concat(tracked.Open.Select(o => (o.Key, o.Value.Reason, o.Value.Message))).OrderBy(p => p.Item1)]);
        }
    }

    /// <param name="user">Who was reconciled.</param>
    /// <param name="result">How it turned out.</param>
    /// <param name="turn"><see cref="Turn"/> when the reconcile began.</param>
    public void Completed(Guid user, ReconcileResult result, long turn)
    {
        lock (_gate)
        {
            foreach (var tracked in _tracked.Where(t => t.Turn <= turn))
            {
                Completed(tracked, user, result);
            }
        }
    }

    private static void Completed(Tracked tracked, Guid user, ReconcileResult result)
    {
        if (!tracked.Open.ContainsKey(user))
        {
            return;
        }

        tracked.Open[user] = (result.Reason, result.Message);
        var final = result.Outcome switch
        {
            ReconcileOutcome.Converged or ReconcileOutcome.Blocked => true,
            ReconcileOutcome.Failed => result.After > SoonEnough
                || (tracked.Failures[user] = tracked.Failures.GetValueOrDefault(user) + 1) >= MaxFailures,
            _ => false,
        };
        if (!final)
        {
            return;
        }

        tracked.Open.Remove(user);
        if (result.Outcome != ReconcileOutcome.Converged)
        {
            tracked.Given.Add((user, result.Reason, result.Message));
        }

        if (tracked.Open.Count == 0)
        {
            tracked.Done.TrySetResult();
        }
    }
}
