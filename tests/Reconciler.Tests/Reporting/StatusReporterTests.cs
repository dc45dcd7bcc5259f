using NSubstitute;
using Microsoft.Extensions.Time.Testing;
using Reconciler.Leading;
using Reconciler.Reporting;
using Reconciler.Telemetry;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reporting;

public sealed class StatusReporterTests : IDisposable
{
    private static readonly LeaseToken Token = new("lease", "us", 7);
    private static readonly StatusWrite Template = new SnapshotBuilder().Build().Report();
    private readonly IStore _store = Substitute.For<IStore>();
    private readonly ReconcilerTelemetry _telemetry = new();
    private readonly List<int> _batches = [];
    private readonly Leadership _leadership;
    private readonly StatusReporter _reporter;
    private readonly TaskCompletionSource _gate = new();
    private Func<IReadOnlyList<StatusWrite>, IReadOnlyList<Guid>> _answer = writes => [.. writes.Select(w => w.UserId)];

    public StatusReporterTests()
    {
        var time = new FakeTimeProvider();
        _leadership = new Leadership(time, Token, TimeSpan.FromSeconds(15), time.GetTimestamp());
        _reporter = new StatusReporter(_store, _telemetry);
        _store.WriteStatusesAsync(default!, default!, default).ReturnsForAnyArgs(async call =>
        {
            var writes = call.Arg<IReadOnlyList<StatusWrite>>();
            _batches.Add(writes.Count);
            await _gate.Task;
            return _answer(writes);
        });
    }

    [Fact]
    public async Task What_comes_while_a_write_is_under_way_goes_together_in_the_next()
    {
        var writes = Enumerable.Range(1, 2500).Select(WriteAsync).ToList();
        _gate.SetResult();

        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([1, 1000, 1000, 499], _batches);
    }

    [Fact]
    public async Task Each_caller_learns_whether_its_own_row_changed()
    {
        _answer = writes => [.. writes.Select(w => w.UserId).Where(id => id == Id(2))];
        _gate.SetResult();

        Assert.Equal((false, true, false), (await WriteAsync(1), await WriteAsync(2), await WriteAsync(3)));
    }

    [Fact]
    public async Task A_refused_row_does_not_fail_its_neighbours()
    {
        _answer = writes => writes.Any(w => w.UserId == Id(2))
            ? throw new StatusRejectedException(new Dictionary<Guid, string> { [Id(2)] = "numeric overflow" }, [Id(3)])
            : [.. writes.Select(w => w.UserId)];
        var (first, bad, good, unchanged) = (WriteAsync(1), WriteAsync(2), WriteAsync(3), WriteAsync(4));
        _gate.SetResult();

        Assert.Equal((true, true, false), (await first, await good, await unchanged));
        Assert.Equal([Id(2)], (await Assert.ThrowsAsync<StatusRejectedException>(() => bad)).Rejected.Keys);
    }

    [Fact]
    public async Task A_stale_epoch_reaches_every_caller_of_the_batch_and_the_reporter_goes_on()
    {
        _answer = _ => throw new StaleEpochException(Token);
        var (first, second) = (WriteAsync(1), WriteAsync(2));
        _gate.SetResult();

        await Assert.ThrowsAsync<StaleEpochException>(() => first);
        await Assert.ThrowsAsync<StaleEpochException>(() => second);

        _answer = writes => [.. writes.Select(w => w.UserId)];
        Assert.True(await WriteAsync(3));
    }

    [Fact]
    public async Task An_unavailable_database_is_told_to_every_caller()
    {
        _answer = _ => throw new StoreUnavailableException("status", "gone");
        _gate.SetResult();

        await Assert.ThrowsAsync<StoreUnavailableException>(() => WriteAsync(1));
    }

    [Fact]
    public async Task Writes_of_two_terms_are_never_mixed_under_one_lease()
    {
        var time = new FakeTimeProvider();
        var other = new Leadership(time, Token with { Epoch = 8 }, TimeSpan.FromSeconds(15), time.GetTimestamp());
        var writes = new[] { WriteAsync(1), WriteAsync(2), _reporter.WriteAsync(Template with { UserId = Id(3) }, other), WriteAsync(4) };
        _gate.SetResult();

        await Task.WhenAll(writes).WaitAsync(TimeSpan.FromSeconds(30));

        Assert.Equal([1, 2, 1], _batches);
        await _store.Received(1).WriteStatusesAsync(other.Token, Arg.Any<IReadOnlyList<StatusWrite>>(), Arg.Any<CancellationToken>());
    }

    public void Dispose() => _telemetry.Dispose();

    private static Guid Id(int number) => new(number, 0, 0, new byte[8]);

    private Task<bool> WriteAsync(int user) => _reporter.WriteAsync(Template with { UserId = Id(user) }, _leadership);
}
