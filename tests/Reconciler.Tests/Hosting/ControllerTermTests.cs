using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using Reconciler.Hosting;
using Reconciler.Leading;
using Reconciler.Tests.Configuration;
using Store;

namespace Reconciler.Tests.Hosting;

public sealed class ControllerTermTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly FakeTimeProvider _time = new();
    private readonly IChangeFeed _changes = Substitute.For<IChangeFeed>();
    private readonly HttpClientHandler _nowhere = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Core _core;

    private readonly IStore _store = Substitute.For<IStore>();

    public ControllerTermTests()
    {
        _store.ReadCensusAsync(default).ReturnsForAnyArgs(Task.FromException<Census>(new StoreUnavailableException("census", "away")));
        _store.ReadRolloutAsync(default, default, default).ReturnsForAnyArgs(
            Task.FromException<RolloutBoard>(new StoreUnavailableException("rollout", "away")));
        _core = new Core(
            Given.Settings(),
            new Ports
            {
                Store = _store,
                Leases = Substitute.For<ILeaseStore>(),
                Changes = _changes,
                FlyHandler = _nowhere,
                PlainHandler = _nowhere,
                Time = _time,
                Random = () => 0.5,
                NewId = () => "id",
                Loggers = NullLoggerFactory.Instance,
                Holder = "us",
            },
            new byte[32]);
    }

    [Fact]
    public async Task A_loop_that_ends_by_itself_ends_the_process_and_is_named()
    {
        _changes.WatchAsync(default).ReturnsForAnyArgs(_ => Nothing());

        var ended = await Assert.ThrowsAsync<LoopEndedException>(() => RunAsync().WaitAsync(Patience));

        Assert.Contains("'changes'", ended.Message, StringComparison.Ordinal);
        Assert.Null(ended.InnerException);
    }

    [Fact]
    public async Task A_loop_that_fails_ends_the_process_and_says_why()
    {
        _changes.WatchAsync(default).ReturnsForAnyArgs(_ => throw new InvalidOperationException("a defect"));

        var ended = await Assert.ThrowsAsync<LoopEndedException>(() => RunAsync().WaitAsync(Patience));

        Assert.Equal("a defect", ended.InnerException?.Message);
    }

    [Fact]
    public async Task One_worker_who_learns_that_we_do_not_lead_ends_the_term_though_the_others_have_nothing_to_do()
    {
        _changes.WatchAsync(default).ReturnsForAnyArgs(call => One(call.Arg<CancellationToken>()));
        _store.ReadUserAsync(default, default).ReturnsForAnyArgs(
            Task.FromException<UserApp?>(new StaleEpochException(new LeaseToken("reconciler", "us", 1))));

        await Assert.ThrowsAsync<StaleEpochException>(() => RunAsync().WaitAsync(Patience));
    }

    [Fact]
    public async Task A_stop_ends_the_loops_and_is_no_fault()
    {
        _changes.WatchAsync(default).ReturnsForAnyArgs(call => Never(call.Arg<CancellationToken>()));
        var running = RunAsync();

        await _stopping.CancelAsync();

        await running.WaitAsync(Patience);
    }

    public void Dispose()
    {
        _core.Dispose();
        _stopping.Dispose();
        _nowhere.Dispose();
    }

    private Task RunAsync()
    {
        var leadership = new Leadership(_time, new LeaseToken("reconciler", "us", 1), TimeSpan.FromMinutes(1), _time.GetTimestamp());
        return _core.Term().RunAsync(leadership, _stopping.Token, CancellationToken.None);
    }

    private static async IAsyncEnumerable<ChangeHint> Nothing()
    {
        await Task.CompletedTask;
        yield break;
    }

    private static async IAsyncEnumerable<ChangeHint> One([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        yield return new ChangeHint(Guid.NewGuid());
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }

    private static async IAsyncEnumerable<ChangeHint> Never([System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        yield break;
    }
}
