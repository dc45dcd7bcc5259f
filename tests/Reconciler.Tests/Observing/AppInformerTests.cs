using FlyApi;
using FlyApi.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using Reconciler.Observing;

namespace Reconciler.Tests.Observing;

public sealed class AppInformerTests
{
    private static readonly InformerOptions Options = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(60));
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly IFlyApi _fly = Substitute.For<IFlyApi>();
    private readonly FleetView _view = new();
    private readonly AppInformer _informer;
    private readonly List<OrgMachinesQuery> _queries = [];
    private Func<OrgMachinesQuery, OrgMachinesPage> _answer = _ => new([], null, []);

    public AppInformerTests()
    {
        _informer = new AppInformer(_fly, "vyx", _view, Options, _time, () => 0.5, NullLogger<AppInformer>.Instance);
        _fly.ListOrgMachinesAsync(default!, default!, default).ReturnsForAnyArgs(call =>
        {
            _queries.Add(call.Arg<OrgMachinesQuery>());
            return Task.FromResult(_answer(_queries[^1]));
        });
    }

    [Fact]
    public async Task Pages_are_followed_until_the_cursor_is_null_empty_ones_included()
    {
        var pages = new Queue<OrgMachinesPage>(
        [
            new([Row("a", "m1")], "c1", []), new([], "c2", []), new([], "c3", ["fra"]), new([Row("b", "m2")], null, []),
        ]);
        _answer = _ => pages.Dequeue();

        await _informer.ListAsync(default);

        Assert.Equal([null, "c1", "c2", "c3"], _queries.Select(q => q.Cursor));
        Assert.Equal((2, false), (_view.MachineCount, _view.IsComplete));
        Assert.Equal(["fra"], _view.ErrorRegions);
    }

    [Theory]
    [InlineData("c1,c1")]
    [InlineData("c1,c2,c1")]
    public async Task A_cursor_that_comes_back_is_a_failure_and_not_a_list(string cursors)
    {
        _view.Replace([Row("kept", "m0")], [], _time.GetUtcNow());
        var next = new Queue<string>(cursors.Split(','));
        _answer = _ => new([Row("a", "m1")], next.Dequeue(), []);

        var failure = await Assert.ThrowsAsync<FlyApiException>(() => _informer.ListAsync(default));

        Assert.Equal(FlyErrorDetail.UnreadableAnswer, failure.Detail);
        Assert.Single(_view.MachinesOf("kept"));
    }

    [Fact]
    public async Task Half_a_list_is_no_list()
    {
        _view.Replace([Row("kept", "m0")], [], _time.GetUtcNow());
        _answer = q => q.Cursor is null ? new([Row("a", "m1")], "c1", []) : throw Down();

        await Assert.ThrowsAsync<FlyApiException>(() => _informer.ListAsync(default));

        Assert.Single(_view.MachinesOf("kept"));
        Assert.Empty(_view.MachinesOf("a"));
    }

    [Fact]
    public Task After_a_full_list_only_what_changed_is_asked_for_with_overlap_and_deleted_ones() => RunAsync(async () =>
    {
        await LookAsync(1);
        _answer = _ => new([Row("a", "m1")], null, []);
        var news = new List<string>();
        _informer.Changed += news.AddRange;
        await LookAsync(2);

        Assert.Equal(new OrgMachinesQuery(), _queries[0]);
        Assert.Equal(new OrgMachinesQuery(UpdatedAfter: Start.AddSeconds(-60), IncludeDeleted: true), _queries[1]);
        Assert.Equal(["a"], news);

        await LookAsync(3);
        Assert.Equal(Start.AddSeconds(5 - 60), _queries[2].UpdatedAfter);
        Assert.Equal(["a"], news);
    });

    [Fact]
    public Task A_region_that_did_not_answer_is_not_moved_past() => RunAsync(async () =>
    {
        await LookAsync(1);
        _answer = _ => new([], null, ["fra"]);
        await LookAsync(3);
        _answer = _ => new([], null, []);
        await LookAsync(5);

        Assert.Equal([-60, -60, -60, -45], _queries.Skip(1).Select(q => (int)(q.UpdatedAfter!.Value - Start).TotalSeconds));
    });

    [Fact]
    public Task A_failed_look_is_repeated_sooner_then_later_and_moves_past_nothing() => RunAsync(async () =>
    {
        await LookAsync(1);
        _answer = _ => throw Down();
        await LookAsync(2);
        Assert.NotNull(_informer.Problem);
        foreach (var (wait, looks) in new[] { (1, 3), (2, 4), (4, 5), (8, 6), (16, 7), (30, 8), (30, 9) })
        {
            _time.Advance(TimeSpan.FromSeconds(wait) - TimeSpan.FromMilliseconds(1));
            Assert.Equal(looks - 1, _queries.Count);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            Assert.Equal(looks, _queries.Count);
        }

        _answer = _ => new([], null, []);
        await LookAsync(10);
        Assert.Null(_informer.Problem);
        Assert.Equal(Start.AddSeconds(-60), _queries[9].UpdatedAfter);
    });

    [Fact]
    public Task Every_ten_minutes_the_whole_list_is_read_again() => RunAsync(() =>
    {
        var listed = 0;
        _informer.Listed += () => listed++;
        for (var i = 0; i < 244; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(2, listed);
        Assert.Equal(3, _queries.Count(q => q.UpdatedAfter is null));
        return Task.CompletedTask;
    });

    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static OrgMachine Row(string app, string id) => FleetViewTests.Row(app, id);

    private static FlyApiException Down() => new(FlyErrorClass.Transient, "orgs.machines", null, "down");

    /// <summary>Advances from look to look until there were so many.</summary>
    private Task LookAsync(int looks)
    {
        for (var i = 0; _queries.Count < looks && i < 100; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(5));
        }

        Assert.Equal(looks, _queries.Count);
        return Task.CompletedTask;
    }

    /// <summary>Runs the loop beside a test. Without a synchronization context it runs inside the steps of the clock.</summary>
    private Task RunAsync(Func<Task> test) => Task.Run(async () =>
    {
        using var stop = new CancellationTokenSource();
        var loop = _informer.RunAsync(stop.Token);
        await test();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => loop);
    });
}
