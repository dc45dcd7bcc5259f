using Reconciler.Queueing;
using Reconciler.Signals;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Hosting;

/// <summary>Operators' wishes: forces the named users, or all, and tells how it turned out.</summary>
internal sealed class SignalFeed(
    IStore store, ISignalSource signals, ForceTracker tracker, TimeProvider time, ILogger<SignalFeed> logger)
{
    /// <summary>A script that waits gets its answer within this time, converged or not.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromMinutes(15);

    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);

    public async Task RunAsync(WorkQueue<Guid> queue, CancellationToken cancellationToken)
    {
        var answering = new List<Task>();
        await foreach (var request in signals.WatchAsync(cancellationToken))
        {
            answering.RemoveAll(static t => t.IsCompletedSuccessfully);
            answering.Add(AnswerAsync(queue, request, cancellationToken));
            if (answering.Find(static t => t.IsFaulted) is { } faulted)
            {
                await faulted;
            }
        }
    }

    private async Task AnswerAsync(WorkQueue<Guid> queue, SignalRequest request, CancellationToken cancellationToken)
    {
        var (users, unknown) = await ResolveAsync(request, cancellationToken);
        HostLog.Forced(logger, users.Count, unknown.Count);
        var keys = users.Values.Order(StringComparer.Ordinal).ToList();
        var accepted = new SignalResult(
            request.Id, request.ReceivedAt, FinishedAt: null, request.Everyone, keys, unknown, Converged: false, Pending: []);
        signals.Answer(accepted);
        var outcome = await tracker.TrackAsync(
            users.Keys,
            AnswerWithin,
            () =>
            {
                foreach (var user in users.Keys)
                {
                    queue.Add(user, Priority.User, AddKind.Force);
                }
            },
            cancellationToken);
        var pending = outcome.Pending.Select(p => new PendingSignalKey(users[p.UserId], $"{p.Reason}: {p.Message}")).ToList();
        signals.Answer(accepted with
        {
            FinishedAt = time.GetUtcNow(),
            Converged = outcome.Converged && unknown.Count == 0,
            Pending = pending,
        });
    }

    /// <summary>Names to users; retried while the database is away, because a request that was consumed must be answered.</summary>
    private async Task<(SortedDictionary<Guid, string> Users, IReadOnlyList<string> Unknown)> ResolveAsync(
        SignalRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return request.Everyone
                    ? (await EveryoneAsync(cancellationToken), [])
                    : await NamedAsync(request.Names, cancellationToken);
            }
            catch (StoreUnavailableException exception)
            {
                HostLog.StoreUnavailable(logger, exception.Message);
                await Task.Delay(StoreRetry, time, cancellationToken);
            }
        }
    }

    private async Task<SortedDictionary<Guid, string>> EveryoneAsync(CancellationToken cancellationToken)
    {
        var users = new SortedDictionary<Guid, string>();
        foreach (var summary in await store.ReadSummariesAsync(cancellationToken))
        {
            if (summary.Live || summary.Run)
            {
                users[summary.UserId] = summary.UserId.ToString();
            }
        }

        return users;
    }

    private async Task<(SortedDictionary<Guid, string> Users, IReadOnlyList<string> Unknown)> NamedAsync(
        IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        var found = await store.FindUsersAsync(names.ToList(), cancellationToken);
        var users = new SortedDictionary<Guid, string>();
        foreach (var (name, user) in found)
        {
            users[user] = name;
        }

        return (users, [.. names.Where(n => !found.ContainsKey(n)).Distinct(StringComparer.Ordinal)]);
    }
}
