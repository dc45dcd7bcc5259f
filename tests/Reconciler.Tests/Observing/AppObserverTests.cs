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

public sealed class AppObserverTests
{
    private const string App = SnapshotBuilder.App;
    private static readonly AppLookup Ours = new AppLookup.Found(new FlyApp(App, "vyx", "deployed", 1));
    private static readonly AppLookup Theirs = new AppLookup.Found(new FlyApp(App, "somebody-else", "deployed", 1));
    private static readonly AppLookup Missing = new AppLookup.Missing();
    private static readonly AppLookup Foreign = new AppLookup.Foreign();
    private static readonly Machine Running = SnapshotBuilder.MachineOf(SnapshotBuilder.Spec, "m1");
    private static readonly Machine Nameless = Running with { Config = Running.Config! with { Metadata = null, Env = null } };

    private readonly IFlyApi _fly = Substitute.For<IFlyApi>();
    private readonly IHealthProber _prober = Substitute.For<IHealthProber>();
    private readonly FakeTimeProvider _time = new(SnapshotBuilder.Start);
    private readonly SnapshotBuilder _builder = new();

    public AppObserverTests()
    {
        _prober.ProbeAsync(default!, default!, default, default).ReturnsForAnyArgs(HealthProbe.Unreachable);
        List(Running);
    }

    [Fact]
    public async Task An_owned_app_is_one_call_and_one_probe()
    {
        var observed = await ObserveAsync();

        Assert.Equal((AppPresence.Ours, 1, false, false), (observed.App, observed.Machines.Count, observed.ElectedGone, observed.ElectedNotFound));
        Assert.Equal(HealthProbe.Unreachable, observed.Probe);
        Assert.Single(_fly.ReceivedCalls());
    }

    [Fact]
    public async Task A_user_never_provisioned_costs_no_call()
    {
        _builder.NeverProvisioned();

        Assert.Equal(AppPresence.Unclaimed, (await ObserveAsync()).App);
        Assert.Empty(_fly.ReceivedCalls());
    }

    public static TheoryData<string, int, AppPresence> AfterA404 => new()
    {
        { "ours", 3600, AppPresence.Ours },
        { "missing", 3600, AppPresence.Missing },
        { "missing", 29, AppPresence.Ours },
        { "missing", 30, AppPresence.Missing },
        { "missing", -29, AppPresence.Ours },
        { "missing", -30, AppPresence.Missing },
        { "foreign", 0, AppPresence.Foreign },
        { "theirs", 0, AppPresence.Foreign },
    };

    [Theory]
    [MemberData(nameof(AfterA404))]
    public async Task A_404_for_an_owned_app_is_believed_only_when_the_app_says_so_too(string lookup, int ownedFor, AppPresence presence)
    {
        _fly.ListMachinesAsync(App, default).ReturnsForAnyArgs<IReadOnlyList<Machine>>(_ => throw Error(FlyErrorClass.NotFound));
        LookUp(lookup);
        _builder.With((UserApp u) => u with
        {
            MachineId = null, Ownership = u.Ownership! with { AcquiredAt = SnapshotBuilder.Start.AddSeconds(-ownedFor).UtcDateTime },
        });

        Assert.Equal(presence, (await ObserveAsync()).App);
    }

    [Theory]
    [InlineData(FlyErrorClass.Transient)]
    [InlineData(FlyErrorClass.Throttled)]
    [InlineData(FlyErrorClass.Unauthorised)]
    public async Task Any_other_failure_fails_the_whole_observation(FlyErrorClass error)
    {
        _fly.ListMachinesAsync(App, default).ReturnsForAnyArgs<IReadOnlyList<Machine>>(_ => throw Error(error));

        await Assert.ThrowsAsync<FlyApiException>(() => ObserveAsync());
    }

    public static TheoryData<string, AppPresence> Evidence => new()
    {
        { "metadata", AppPresence.Adoptable },
        { "environment", AppPresence.Adoptable },
        { "deployed before", AppPresence.Adoptable },
        { "intent", AppPresence.Adoptable },
        { "intent for another name", AppPresence.Foreign },
        { "a look-alike name", AppPresence.Foreign },
        { "another user's metadata", AppPresence.Foreign },
        { "another user's metadata beside an intent", AppPresence.Foreign },
        { "garbage", AppPresence.Foreign },
    };

    [Theory]
    [MemberData(nameof(Evidence))]
    public async Task An_unrecorded_app_of_our_organisation_is_adopted_on_evidence_only(string evidence, AppPresence presence)
    {
        LookUp("ours");
        var intent = new CreateIntent("l", "app", App, SnapshotBuilder.UserId, null);
        Machine Claimed(string user) =>
            Nameless with { Config = Nameless.Config! with { Metadata = new Dictionary<string, string> { [OwnedMetadata.UserId] = user } } };
        List(evidence switch
        {
            "metadata" => Claimed(SnapshotBuilder.UserId.ToString().ToUpperInvariant()),
            "environment" => Nameless with { Config = Nameless.Config! with { Env = new Dictionary<string, string> { ["USER_ID"] = SnapshotBuilder.UserId.ToString() } } },
            "another user's metadata" or "another user's metadata beside an intent" => Claimed("00000000-0000-0000-0000-00000000000f"),
            "garbage" => Claimed("not a user"),
            _ => Nameless,
        });
        _builder.With((UserApp u) => u with
        {
            Ownership = null,
            MachineId = "m1", // something makes us look
            DeployedAt = evidence == "deployed before" ? u.DeployedAt : null,
            Intents = evidence switch
            {
                "intent" or "another user's metadata beside an intent" => [intent],
                "intent for another name" => [intent with { AppName = "another" }],
                _ => [],
            },
        });

        Assert.Equal(presence, (await ObserveAsync()).App);
    }

    [Theory]
    [InlineData("missing", AppPresence.Missing)]
    [InlineData("foreign", AppPresence.Foreign)]
    [InlineData("theirs", AppPresence.Foreign)]
    public async Task A_name_that_was_refused_is_looked_up(string lookup, AppPresence presence)
    {
        LookUp(lookup);
        _builder.NeverProvisioned().With((AppMemory m) => m with { NameTakenAt = SnapshotBuilder.Start });

        Assert.Equal(presence, (await ObserveAsync()).App);
    }

    [Theory]
    [InlineData("free", AppPresence.Missing)]
    [InlineData("pro", AppPresence.Unclaimed)]
    public async Task A_released_app_of_a_user_without_a_tier_is_looked_for_because_a_late_request_may_have_landed(string tier, AppPresence presence)
    {
        LookUp("missing");
        _builder.Unseen().With((UserApp u) => u with { Tier = tier, MachineId = null, Ownership = u.Ownership! with { ReleasedAt = u.DeployedAt } });

        Assert.Equal(presence, (await ObserveAsync()).App);
    }

    public static TheoryData<string?, bool, bool, int> Unlisted => new()
    {
        { MachineStates.Stopped, false, false, 1 }, { MachineStates.Started, false, false, 1 }, { MachineStates.Destroying, false, false, 1 },
        { MachineStates.Destroyed, true, false, 0 }, { null, false, true, 0 },
    };

    [Theory]
    [MemberData(nameof(Unlisted))]
    public async Task An_elected_machine_that_no_list_shows_is_asked_for_by_its_id(string? state, bool gone, bool notFound, int live)
    {
        List();
        _fly.GetMachineAsync(App, "m1", default).ReturnsForAnyArgs(state is null ? null : Running with { State = state });

        var observed = await ObserveAsync();

        Assert.Equal((gone, notFound, live), (observed.ElectedGone, observed.ElectedNotFound, observed.Machines.Count));
    }

    [Fact]
    public async Task A_user_without_an_elected_machine_misses_none()
    {
        List();
        _builder.With((UserApp u) => u with { MachineId = null });

        Assert.False((await ObserveAsync()).ElectedNotFound);
        Assert.Single(_fly.ReceivedCalls());
    }

    [Fact]
    public async Task Dead_machines_are_left_out_and_the_rest_is_in_order()
    {
        List(Running with { Id = "m3" }, Running, Running with { Id = "m2", State = MachineStates.Destroyed }, Running with { Id = "m0", State = MachineStates.Replaced });

        Assert.Equal(["m1", "m3"], (await ObserveAsync()).Machines.Select(m => m.Id));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Secrets_are_read_on_a_deep_look(bool deep, bool read)
    {
        _fly.ListSecretsAsync(default!, default).ReturnsForAnyArgs([new AppSecret("A", "1")]);

        Assert.Equal(read, (await ObserveAsync(deep)).Secrets is not null);
    }

    [Fact]
    public async Task Addresses_are_read_when_machines_are_public_and_named_by_type()
    {
        _builder.With((FleetPolicy p) => p with { PublicIngress = true });
        _fly.ListIpAssignmentsAsync(default!, default).ReturnsForAnyArgs(
            [new IpAssignment("1.2.3.4", "v4", Shared: true), new IpAssignment("2a09::1", null, false), new IpAssignment("5.6.7.8", null, false)]);

        Assert.Equal(["shared_v4", "v4", "v6"], (await ObserveAsync()).Addresses!);
    }

    [Theory]
    [InlineData("pro", MachineStates.Stopped)]
    [InlineData("free", MachineStates.Started)]
    public async Task Only_a_running_machine_that_should_run_is_asked_how_it_is(string tier, string state)
    {
        List(Running with { State = state });
        _builder.With((UserApp u) => u with { Tier = tier });

        Assert.Null((await ObserveAsync()).Probe);
        Assert.Empty(_prober.ReceivedCalls());
    }

    private static FlyApiException Error(FlyErrorClass error) => new(error, "machines.list", null, "text");

    [Fact]
    public async Task Nothing_more_is_read_of_an_app_that_Fly_does_not_show_yet()
    {
        _fly.ListMachinesAsync(App, default).ReturnsForAnyArgs<IReadOnlyList<Machine>>(_ => throw Error(FlyErrorClass.NotFound));
        LookUp("missing");
        _builder.With((UserApp u) => u with { MachineId = null, Ownership = u.Ownership! with { AcquiredAt = SnapshotBuilder.Start.UtcDateTime } });

        Assert.Equal(AppPresence.Ours, (await ObserveAsync(deep: true)).App);
        await _fly.DidNotReceiveWithAnyArgs().ListSecretsAsync(default!, default);
    }

    private void LookUp(string answer) => _fly.LookUpAppAsync(App, default).ReturnsForAnyArgs(
        answer switch { "ours" => Ours, "missing" => Missing, "foreign" => Foreign, _ => Theirs });

    private void List(params Machine[] machines) => _fly.ListMachinesAsync(App, default).ReturnsForAnyArgs(machines);

    private Task<ObservedApp> ObserveAsync(bool deep = false)
    {
        var snapshot = _builder.Build();
        return new AppObserver(_fly, _prober, _time).ObserveAsync(snapshot.User, snapshot.Memory, snapshot.Desired, snapshot.Policy, deep, default);
    }
}
