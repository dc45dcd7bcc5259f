using Microsoft.Extensions.Time.Testing;
using NSubstitute;
using Reconciler.Guarding;
using Reconciler.Leading;
using Store;

namespace Reconciler.Tests.Guarding;

public sealed class FleetGuardTests : IDisposable
{
    private static readonly LeaseToken Token = new("lease", "us", 7);
    private readonly FakeTimeProvider _time = new();
    private readonly IStore _store = Substitute.For<IStore>();
    private readonly FleetGuard _guard;
    private Leadership? _leadership;

    public FleetGuardTests()
    {
        _leadership = new Leadership(_time, Token, TimeSpan.FromHours(1), _time.GetTimestamp());
        _guard = new FleetGuard(_store, new TripwireLimits(0.2, 3, TimeSpan.FromMinutes(10)), 5, 0.1, _time, () => _leadership);
        _store.ReadFleetStateAsync(default!, default).ReturnsForAnyArgs((string?)null);
        Census(100);
    }

    [Theory]
    [InlineData(10, 5)]
    [InlineData(59, 5)]
    [InlineData(60, 6)]
    [InlineData(1000, 100)]
    public async Task The_budget_is_the_larger_of_the_count_and_the_share(int owned, int limit)
    {
        _store.ReadCensusAsync(default).ReturnsForAnyArgs(new Census(owned, owned, owned));

        Assert.Equal(limit, await _guard.DestroyLimitAsync(default));
    }

    [Theory]
    [InlineData(3, 7)]
    [InlineData(10, 0)]
    [InlineData(99, 0)]
    public async Task What_was_drawn_within_the_hour_is_taken_off(int used, int left)
    {
        _store.ReadDestroysLastHourAsync(default).ReturnsForAnyArgs(used);

        Assert.Equal(left, (await _guard.ReadAsync(false, afresh: false, default)).DestroysLeft);
    }

    [Fact]
    public async Task A_reading_serves_every_worker_for_a_second()
    {
        await _guard.ReadAsync(false, afresh: false, default);
        await _guard.ReadAsync(true, afresh: false, default);
        await _store.ReceivedWithAnyArgs(1).ReadCensusAsync(default);

        _time.Advance(TimeSpan.FromSeconds(1));
        await _guard.ReadAsync(false, afresh: false, default);
        await _store.ReceivedWithAnyArgs(2).ReadCensusAsync(default);
    }

    [Fact]
    public async Task A_reading_from_before_a_mass_downgrade_is_not_used_for_one_of_its_users()
    {
        await _guard.ReadAsync(false, afresh: false, default);

        await _guard.ReadAsync(false, afresh: true, default);

        await _store.ReceivedWithAnyArgs(2).ReadCensusAsync(default);
    }

    [Fact]
    public async Task A_fall_of_the_census_holds_and_is_written_down_under_our_lease()
    {
        _store.ReadFleetStateAsync(FleetGuard.HistoryKey, Arg.Any<CancellationToken>()).Returns(
            """{"samples":[{"at":"2000-01-01T00:00:00+00:00","entitled":100}],"hold":null}""");
        Census(10);

        var guards = await _guard.ReadAsync(false, afresh: false, default);

        Assert.StartsWith("90 of 100 users", guards.Hold, StringComparison.Ordinal);
        await _store.Received(1).WriteFleetStateAsync(
            Token, FleetGuard.HistoryKey, Arg.Is<string>(json => json.Contains("90 of 100", StringComparison.Ordinal)), Arg.Any<CancellationToken>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Without_leadership_nothing_is_written(bool lost)
    {
        _leadership?.Lost();
        _leadership = lost ? _leadership : null;

        await _guard.ReadAsync(false, afresh: false, default);

        await _store.DidNotReceiveWithAnyArgs().WriteFleetStateAsync(default!, default!, default!, default);
    }

    [Fact]
    public async Task A_failed_reading_is_a_failure_and_never_a_permission()
    {
        _store.ReadCensusAsync(default).ReturnsForAnyArgs<Census>(_ => throw new StoreUnavailableException("census", "gone"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => _guard.ReadAsync(false, afresh: false, default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => _guard.DestroyLimitAsync(default));
    }

    public void Dispose() => _guard.Dispose();

    private void Census(int entitled) => _store.ReadCensusAsync(default).ReturnsForAnyArgs(new Census(entitled, 100, 100));
}
