using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using Reconciler.Guarding;
using Reconciler.Hosting;
using Reconciler.Model;
using Reconciler.Queueing;
using Store;

namespace Reconciler.Tests.Hosting;

public sealed class HoldWatchTests : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();
    private readonly IStore _store = Substitute.For<IStore>();
    private readonly StubGuard _guard = new();
    private readonly WorkQueue<Guid> _queue;
    private readonly HoldWatch _watch;
    private readonly CancellationTokenSource _ending = new();
    private Task _running = Task.CompletedTask;

    public HoldWatchTests()
    {
        _queue = new WorkQueue<Guid>(_time);
        _watch = new HoldWatch(_store, _guard, Interval, _time, NullLogger<HoldWatch>.Instance);
        _store.ReadSummariesAsync(default).ReturnsForAnyArgs(
        [
            Summary(1, run: true, live: true, fingerprint: 7),
            Summary(2, run: false, live: true, fingerprint: 0),
            Summary(3, run: true, live: true, fingerprint: 0),
            Summary(4, run: false, live: false, fingerprint: 0),
        ]);
    }

    [Fact]
    public void The_end_of_a_hold_brings_everybody_back_whom_it_kept()
    {
        Start(hold: "a third is gone");
        Assert.Equal("a third is gone", _watch.Hold);
        Assert.Equal(0, _queue.Statistics().ReadyByPriority.Sum());

        Look(hold: null);

        Assert.Null(_watch.Hold);
        Assert.Equal(2, _queue.Statistics().ReadyByPriority.Sum());
    }

    [Fact]
    public void A_fleet_without_a_hold_is_left_alone()
    {
        Start(hold: null);
        Look(hold: null);

        _store.DidNotReceiveWithAnyArgs().ReadSummariesAsync(default);
    }

    [Fact]
    public void An_end_that_the_database_could_not_tell_is_told_later()
    {
        Start(hold: "a third is gone");
        _store.ReadSummariesAsync(default).ReturnsForAnyArgs(
            _ => throw new StoreUnavailableException("read summaries", "away"),
            _ => [Summary(2, run: false, live: true, fingerprint: 0)]);

        Look(hold: null);
        Assert.NotNull(_watch.Hold);
        Look(hold: null);

        Assert.Null(_watch.Hold);
        Assert.Equal(1, _queue.Statistics().ReadyByPriority.Sum());
    }

    [Fact]
    public async Task Whoever_does_not_lead_any_more_knows_of_no_hold()
    {
        Start(hold: "a third is gone");

        await _ending.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running);
        Assert.Null(_watch.Hold);
    }

    public void Dispose()
    {
        _ending.Cancel();
        _ending.Dispose();
        _queue.Dispose();
    }

    private void Start(string? hold)
    {
        _guard.Hold = hold;
        _running = _watch.RunAsync(_queue, _ending.Token);
    }

    private void Look(string? hold)
    {
        _guard.Hold = hold;
        _time.Advance(Interval);
    }

    private static AppSummary Summary(int user, bool run, bool live, long fingerprint) => new(
        new Guid(user, 0, 0, new byte[8]), $"vyx-user-{user}", run ? "pro" : "free", run, live, Settled: true, "m", fingerprint);

    private sealed class StubGuard : IFleetGuard
    {
        public string? Hold { get; set; }

        public Task<FleetGuards> ReadAsync(bool forced, bool afresh, CancellationToken cancellationToken) =>
            Task.FromResult(new FleetGuards(5, Hold, forced));

        public Task<int> DestroyLimitAsync(CancellationToken cancellationToken) => Task.FromResult(5);
    }
}
