using FlyApi;
using FlyApi.Contracts;
using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using Reconciler.Health;
using Reconciler.Model;
using Reconciler.Observing;
using Reconciler.Planning;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Observing;

public sealed class FormerAppReaderTests
{
    private const string Former = "vyx-user-former";
    private static readonly Machine Running = SnapshotBuilder.MachineOf(SnapshotBuilder.Spec, "f1");

    private readonly IFlyApi _fly = Substitute.For<IFlyApi>();
    private readonly FakeTimeProvider _time = new(SnapshotBuilder.Start);
    private readonly AppObserver _observer;
    private FlyApp[] _listed = [new(SnapshotBuilder.App, "vyx", "deployed", 1)];

    public FormerAppReaderTests()
    {
        _observer = new AppObserver(_fly, new OffHealthProber(), _time);
        _fly.ListAppsAsync("vyx", Arg.Any<CancellationToken>()).Returns(_ => _listed);
        _fly.ListMachinesAsync(SnapshotBuilder.App, Arg.Any<CancellationToken>()).Returns([SnapshotBuilder.MachineOf(SnapshotBuilder.Spec, "m1")]);
    }

    [Fact]
    public async Task A_user_without_one_costs_no_call_more()
    {
        Assert.Empty((await ObserveAsync()).Former);
        Assert.Single(_fly.ReceivedCalls());
    }

    [Fact]
    public async Task One_that_is_there_and_ours_is_shown_with_what_lives_in_it()
    {
        Answer(new AppLookup.Found(new FlyApp(Former, "vyx", "deployed", 1)), Running with { Id = "f2" }, Running, Running with { Id = "f3", State = MachineStates.Destroyed });

        var former = Assert.Single((await ObserveAsync(Former)).Former);

        Assert.Equal((Former, AppPresence.Ours, null), (former.App, former.Presence, former.AwaySince));
        Assert.Equal(["f1", "f2"], former.Machines.Select(m => m.Id));
    }

    public static TheoryData<string> Others => ["another organisation's", "refused", "another user's machine"];

    [Theory]
    [MemberData(nameof(Others))]
    public async Task One_that_is_not_ours_to_touch_is_foreign(string whose)
    {
        var theirs = Running with { Config = MachineConfigBuilder.Build(SnapshotBuilder.Spec, Guid.NewGuid(), 1, null, null) };
        Answer(
            whose switch
            {
                "refused" => new AppLookup.Foreign(),
                "another user's machine" => new AppLookup.Found(new FlyApp(Former, "vyx", "deployed", 1)),
                _ => new AppLookup.Found(new FlyApp(Former, "somebody-else", "deployed", 1)),
            },
            theirs);

        Assert.Equal((Former, AppPresence.Foreign, 0), Assert.Single((await ObserveAsync(Former)).Former) is var f ? (f.App, f.Presence, f.Machines.Count) : default);
    }

    [Fact]
    public async Task How_long_one_has_been_missing_is_counted_from_the_first_of_the_looks_that_agree()
    {
        var (first, later) = (SnapshotBuilder.Start, SnapshotBuilder.Start.AddMinutes(3));
        Answer(new AppLookup.Missing());
        Assert.Equal((first, first), await SinceAsync());
        _time.Advance(TimeSpan.FromMinutes(3));
        Assert.Equal((first, first), await SinceAsync());

        Answer(new AppLookup.Foreign());
        Assert.Equal((first, null), await SinceAsync());

        Answer(new AppLookup.Missing());
        Assert.Equal((first, later), await SinceAsync());

        Answer(new AppLookup.Found(new FlyApp(Former, "vyx", "deployed", 1)));
        Assert.Equal((null, null), await SinceAsync());

        Answer(new AppLookup.Foreign());
        Assert.Equal((later, null), await SinceAsync());
    }

    public static TheoryData<AppLookup> Denials => [new AppLookup.Missing(), new AppLookup.Foreign()];

    [Theory]
    [MemberData(nameof(Denials))]
    public async Task One_that_the_organisation_lists_is_not_away_however_often_its_own_look_says_so(AppLookup denial)
    {
        Answer(denial);
        var alone = _listed;
        _listed = [.. alone, new FlyApp(Former, "vyx", "deployed", 1)];
        for (var look = 0; look < 5; look++)
        {
            var now = _time.GetUtcNow();
            Assert.Equal((now, denial is AppLookup.Missing ? now : null), await SinceAsync());
            _time.Advance(TimeSpan.FromSeconds(10));
        }

        _listed = alone;
        var left = _time.GetUtcNow().AddSeconds(-10);
        for (var look = 0; look < 5; look++)
        {
            Assert.Equal(left, (await SinceAsync()).Away);
            _time.Advance(TimeSpan.FromSeconds(10));
        }
    }

    [Fact]
    public async Task The_list_is_asked_until_looks_have_agreed_for_as_long_as_the_users_own_machine_waits_and_anew_when_it_was_back()
    {
        Answer(new AppLookup.Missing());
        Assert.Equal([true, true, true, true, false, false], await AsksAsync());

        Answer(new AppLookup.Found(new FlyApp(Former, "vyx", "deployed", 1)));
        await SinceAsync();
        Answer(new AppLookup.Missing());
        Assert.Equal([true, true, true, true, false, false], await AsksAsync());

        async Task<List<bool>> AsksAsync()
        {
            var asks = new List<bool>();
            for (var look = 0; look < 6; look++)
            {
                _fly.ClearReceivedCalls();
                await SinceAsync();
                asks.Add(_fly.ReceivedCalls().Any(c => c.GetMethodInfo().Name == nameof(IFlyApi.ListAppsAsync)));
                _time.Advance(TimeSpan.FromSeconds(10));
            }

            return asks;
        }
    }

    [Fact]
    public async Task One_that_cannot_be_read_leaves_the_whole_look_unread()
    {
        _fly.LookUpAppAsync(Former, Arg.Any<CancellationToken>())
            .Returns<AppLookup>(_ => throw new FlyApiException(FlyErrorClass.Transient, "apps.get", null, "text"));

        await Assert.ThrowsAsync<FlyApiException>(() => ObserveAsync(Former));
    }

    private async Task<(DateTimeOffset? Away, DateTimeOffset? Missing)> SinceAsync() =>
        Assert.Single((await ObserveAsync(Former)).Former) is var former ? (former.AwaySince, former.MissingSince) : default;

    private void Answer(AppLookup lookup, params Machine[] machines)
    {
        _fly.LookUpAppAsync(Former, Arg.Any<CancellationToken>()).Returns(lookup);
        _fly.ListMachinesAsync(Former, Arg.Any<CancellationToken>()).Returns(machines);
    }

    private Task<ObservedApp> ObserveAsync(params string[] formerApps)
    {
        var snapshot = new SnapshotBuilder().With((UserApp u) => u with { FormerApps = formerApps }).Build();
        return _observer.ObserveAsync(snapshot.User, snapshot.Memory, snapshot.Desired, snapshot.Policy, false, default);
    }
}
