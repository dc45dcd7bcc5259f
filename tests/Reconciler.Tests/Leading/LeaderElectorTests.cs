using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Leading;
using Store;

namespace Reconciler.Tests.Leading;

public sealed class LeaderElectorTests : IDisposable
{
    private static readonly LeaseOptions Options = new("lease", "us", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(2));
    private readonly FakeTimeProvider _time = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly LeaseFake _leases;
    private readonly LeaderElector _elector;
    private readonly ConcurrentQueue<string> _log = [];
    private Leadership? _leadership;

    public LeaderElectorTests()
    {
        _leases = new LeaseFake(_time, _log);
        _elector = new LeaderElector(_leases, Options, _time, () => 0.5, NullLogger<LeaderElector>.Instance);
    }

    [Fact]
    public Task A_free_lease_is_taken_and_renewed_for_as_long_as_the_term_lasts() => OffContextAsync(async () =>
    {
        var running = _elector.RunAsync(TermAsync, _stopping.Token);
        Pass(TimeSpan.FromMinutes(5), () => Assert.True(_leadership is null || _leadership.CanAct));

        Assert.Equal(("us", 1, "us"), (_leases.Holder, _leases.Epoch, _elector.Leader));
        Assert.Same(_leadership, _elector.Current);
        await StopAsync(running);
    });

    [Fact]
    public Task A_stop_drains_the_term_before_the_lease_is_given_back() => OffContextAsync(async () =>
    {
        var running = _elector.RunAsync(TermAsync, _stopping.Token);
        Pass(TimeSpan.FromSeconds(5));

        await StopAsync(running);

        Assert.Equal(["acquired 1", "term begins", "term ends", "released 1"], _log.Where(l => l != "renewed"));
        Assert.Null(_elector.Current);
    });

    [Fact]
    public Task A_standby_waits_and_leads_when_the_lease_is_free() => OffContextAsync(async () =>
    {
        _leases.Take("them");
        var running = _elector.RunAsync(TermAsync, _stopping.Token);
        Pass(TimeSpan.FromSeconds(10));
        Assert.Equal((null, "them"), (_leadership, _elector.Leader));

        _leases.Free();
        await UntilAsync(() => _leadership is not null);

        Assert.Equal(2, _leadership!.Token.Epoch);
        await StopAsync(running);
    });

    [Fact]
    public Task A_renewal_that_is_answered_late_counts_from_before_it_was_sent() => OffContextAsync(async () =>
    {
        var late = TimeSpan.FromSeconds(4);
        _leases.AnswersAfter = late;
        var running = _elector.RunAsync(TermAsync, _stopping.Token);
        Pass(Options.RenewEvery + late);

        Pass(TimeSpan.FromSeconds(60), () => Assert.InRange(_leadership!.Remaining, Leadership.Margin, Options.Ttl - late + Options.RenewEvery));
        Assert.True(_log.Count(l => l == "renewed") > 5);
        await StopAsync(running);
    });

    [Fact]
    public Task Another_holder_cuts_the_term_off_at_the_next_renewal() => OffContextAsync(async () =>
    {
        var running = _elector.RunAsync(TermAsync, _stopping.Token);
        Pass(TimeSpan.FromSeconds(5));
        var ours = _leadership!;

        _leases.Take("them");
        await UntilAsync(() => _log.Contains("term cut off"));

        Assert.False(ours.CanAct);
        Assert.DoesNotContain("released 1", _log);
        await StopAsync(running);
    });

    [Fact]
    public Task A_database_outage_ends_the_term_before_the_lease_can_have_ended() => OffContextAsync(async () =>
    {
        var running = _elector.RunAsync(TermAsync, _stopping.Token);
        Pass(TimeSpan.FromSeconds(5));
        var ours = _leadership!;

        _leases.Down = true;
        Pass(TimeSpan.FromSeconds(20), () => Assert.True(!ours.CanAct || _leases.IsHeldBy("us")));

        await UntilAsync(() => _log.Contains("term cut off") && _elector.Current is null);

        _leases.Down = false;
        await UntilAsync(() => !ReferenceEquals(_leadership, ours));
        await StopAsync(running);
    });

    [Fact]
    public Task A_renewal_that_hangs_ends_the_term_as_an_outage_does() => OffContextAsync(async () =>
    {
        var running = _elector.RunAsync(TermAsync, _stopping.Token);
        Pass(TimeSpan.FromSeconds(5));
        var ours = _leadership!;

        _leases.Hangs = true;
        Pass(TimeSpan.FromSeconds(20), () => Assert.True(!ours.CanAct || _leases.IsHeldBy("us")));

        await UntilAsync(() => _log.Contains("term cut off"));
        _leases.Hangs = false;
        Pass(TimeSpan.FromSeconds(10));
        await StopAsync(running);
    });

    [Fact]
    public Task A_short_outage_costs_nothing() => OffContextAsync(async () =>
    {
        var running = _elector.RunAsync(TermAsync, _stopping.Token);
        Pass(TimeSpan.FromSeconds(5));

        _leases.Down = true;
        Pass(TimeSpan.FromSeconds(6));
        _leases.Down = false;
        Pass(TimeSpan.FromSeconds(60));

        Assert.DoesNotContain("term cut off", _log);
        Assert.True(_leadership!.CanAct);
        await StopAsync(running);
    });

    [Fact]
    public Task A_term_that_the_database_fences_off_is_over_and_the_lease_is_not_given_back() => OffContextAsync(async () =>
    {
        var terms = 0;
        var running = _elector.RunAsync(
            (leadership, stopping, lost) => terms++ == 0 ? throw new StaleEpochException(leadership.Token) : TermAsync(leadership, stopping, lost),
            _stopping.Token);
        Pass(TimeSpan.FromSeconds(1));

        Assert.DoesNotContain("released 1", _log);
        await UntilAsync(() => terms == 2);
        await StopAsync(running);
    });

    [Fact]
    public Task A_stop_while_the_database_is_asked_ends_the_loop_without_a_fault() => OffContextAsync(async () =>
    {
        _leases.Hangs = true;
        var running = _elector.RunAsync(TermAsync, _stopping.Token);

        await _stopping.CancelAsync();
        Pass(TimeSpan.FromSeconds(10));
        await running.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Null(_elector.Current);
    });

    [Fact]
    public Task A_lease_that_is_granted_while_we_are_asked_to_stop_is_given_back() => OffContextAsync(async () =>
    {
        _leases.GrantsAfter = TimeSpan.FromSeconds(2);
        var running = _elector.RunAsync(TermAsync, _stopping.Token);

        await _stopping.CancelAsync();
        Pass(TimeSpan.FromSeconds(10));
        await running.WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal(("acquired 1", "released 1"), (_log.First(), _log.Last()));
    });

    public void Dispose() => _stopping.Dispose();

    private async Task TermAsync(Leadership leadership, CancellationToken stopping, CancellationToken lost)
    {
        _leadership = leadership;
        _log.Enqueue("term begins");
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, lost);
        var done = new TaskCompletionSource();
        await using var registration = either.Token.Register(done.SetResult);
        await done.Task;
        _log.Enqueue(lost.IsCancellationRequested ? "term cut off" : "term ends");
        lost.ThrowIfCancellationRequested();
    }

    private async Task StopAsync(Task running)
    {
        await _stopping.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30));
    }

    /// <summary>Without a synchronization context every continuation runs inside the step of the clock that released it.</summary>
    private static Task OffContextAsync(Func<Task> test) => Task.Run(test);

    private void Pass(TimeSpan time, Action? check = null)
    {
        for (var end = _time.GetUtcNow() + time; _time.GetUtcNow() < end;)
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            check?.Invoke();
        }
    }

    private async Task UntilAsync(Func<bool> condition)
    {
        var deadline = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(deadline.Elapsed < TimeSpan.FromSeconds(30), "nothing happened");
            _time.Advance(TimeSpan.FromMilliseconds(250));
            await Task.Yield();
        }
    }
}
