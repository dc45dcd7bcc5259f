using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Store;

namespace Reconciler.Tests.Leading;

/// <summary>The lease row in memory, on the fake clock.</summary>
internal sealed class LeaseFake(FakeTimeProvider time, ConcurrentQueue<string> log) : ILeaseStore
{
    private DateTimeOffset _expires;

    public string? Holder { get; private set; }
    public int Epoch { get; private set; }
    public bool Down { get; set; }
    public bool Hangs { get; set; }

    /// <summary>How long the answer to an attempt that was granted takes.</summary>
    public TimeSpan GrantsAfter { get; set; }

    /// <summary>How long the answer to a renewal that was granted takes.</summary>
    public TimeSpan AnswersAfter { get; set; }

    public bool IsHeldBy(string holder) => Holder == holder && time.GetUtcNow() < _expires;

    public void Take(string holder) => (Holder, Epoch, _expires) = (holder, Epoch + 1, DateTimeOffset.MaxValue);

    public void Free() => Holder = null;

    public async Task<LeaseAttempt> TryAcquireAsync(string leaseName, string holder, TimeSpan ttl, CancellationToken cancellationToken)
    {
        await AnswerAsync("acquire", cancellationToken);
        if (Holder is not null && Holder != holder && time.GetUtcNow() < _expires)
        {
            return new LeaseAttempt(null, Holder, _expires - time.GetUtcNow());
        }

        (Holder, Epoch, _expires) = (holder, Epoch + 1, time.GetUtcNow() + ttl);
        log.Enqueue($"acquired {Epoch}");
        await Task.Delay(GrantsAfter, time, cancellationToken);
        return new LeaseAttempt(new LeaseToken(leaseName, holder, Epoch), holder, ttl);
    }

    public async Task<bool> RenewAsync(LeaseToken token, TimeSpan ttl, CancellationToken cancellationToken)
    {
        await AnswerAsync("renew", cancellationToken);
        if (Holder != token.Holder || Epoch != token.Epoch)
        {
            return false;
        }

        _expires = time.GetUtcNow() + ttl;
        log.Enqueue("renewed");
        await Task.Delay(AnswersAfter, time, cancellationToken);
        return true;
    }

    public async Task ReleaseAsync(LeaseToken token, CancellationToken cancellationToken)
    {
        await AnswerAsync("release", cancellationToken);
        Holder = null;
        log.Enqueue($"released {token.Epoch}");
    }

    public Task<LeaseRow?> ReadAsync(string leaseName, CancellationToken cancellationToken) => Task.FromResult<LeaseRow?>(null);

    private Task AnswerAsync(string operation, CancellationToken cancellationToken) => Down
        ? throw new StoreUnavailableException(operation, "the database does not answer")
        : Hangs ? Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken) : Task.CompletedTask;
}
