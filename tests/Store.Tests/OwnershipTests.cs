namespace Store.Tests;

public sealed class OwnershipTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private IStore Store => fixture.Store;

    [Fact]
    public async Task A_repeated_record_keeps_how_it_began_and_a_released_one_begins_anew()
    {
        var user = await fixture.PayingUserAsync();
        await RecordAsync(user, OwnershipOrigin.Created);
        var first = (await fixture.UserAsync(user.UserId)).Ownership;
        await RecordAsync(user, OwnershipOrigin.Adopted);
        var repeated = (await fixture.UserAsync(user.UserId)).Ownership;
        await Store.ReleaseOwnershipAsync(fixture.Lease, user.AppName, default);
        await RecordAsync(user, OwnershipOrigin.Adopted);
        var again = (await fixture.UserAsync(user.UserId)).Ownership;

        Assert.Equal(first, repeated);
        Assert.Equal((OwnershipOrigin.Adopted, null), (again!.Origin, again.ReleasedAt));
        Assert.True(again.AcquiredAt > first!.AcquiredAt);
    }

    [Fact]
    public async Task An_app_of_another_user_is_taken_over_only_after_its_release()
    {
        var first = await fixture.PayingUserAsync();
        var second = await fixture.PayingUserAsync();
        await RecordAsync(first, OwnershipOrigin.Created);

        await Assert.ThrowsAsync<AppNameInUseException>(() => Store.RecordOwnershipAsync(
            fixture.Lease, first.AppName, second.UserId, "vyx", OwnershipOrigin.Adopted, default));
        await Store.ReleaseOwnershipAsync(fixture.Lease, first.AppName, default);
        await Store.RecordOwnershipAsync(fixture.Lease, first.AppName, second.UserId, "vyx", OwnershipOrigin.Adopted, default);

        Assert.Null((await fixture.UserAsync(first.UserId)).Ownership);
    }

    [Fact]
    public async Task An_election_is_won_by_exactly_one_of_many()
    {
        var user = await fixture.PayingUserAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Store.ElectMachineAsync(fixture.Lease, user.UserId, user.AppName, null, $"m{i}", default)));

        var winner = Array.IndexOf(results, true);
        Assert.Single(results, static won => won);
        Assert.Equal($"m{winner}", (await fixture.UserAsync(user.UserId)).MachineId);
    }

    [Theory]
    [InlineData(null, "m1", true)]
    [InlineData("m0", "m1", false)]
    [InlineData("", "m1", false)]
    public async Task An_election_needs_the_expected_machine(string? expected, string? elected, bool won)
    {
        var user = await fixture.PayingUserAsync();

        Assert.Equal(won, await Store.ElectMachineAsync(fixture.Lease, user.UserId, user.AppName, expected, elected, default));
        Assert.Equal(won ? elected : null, (await fixture.UserAsync(user.UserId)).MachineId);
    }

    [Fact]
    public async Task An_election_in_an_app_that_is_not_the_users_fails()
    {
        var user = await fixture.PayingUserAsync();

        Assert.False(await Store.ElectMachineAsync(fixture.Lease, user.UserId, "elsewhere", null, "m1", default));
        Assert.False(await Store.ElectMachineAsync(fixture.Lease, Guid.NewGuid(), user.AppName, null, "m1", default));
    }

    [Fact]
    public async Task A_user_moves_to_another_name_once()
    {
        var user = await fixture.PayingUserAsync();
        var other = await fixture.PayingUserAsync();

        Assert.True(await Store.RenameAppAsync(fixture.Lease, user.UserId, user.AppName, user.AppName + "-2", default));
        Assert.False(await Store.RenameAppAsync(fixture.Lease, user.UserId, user.AppName, user.AppName + "-3", default));
        var error = await Assert.ThrowsAsync<AppNameInUseException>(() =>
            Store.RenameAppAsync(fixture.Lease, user.UserId, user.AppName + "-2", other.AppName, default));

        Assert.Equal(other.AppName, error.AppName);
        Assert.Equal(user.AppName + "-2", (await fixture.UserAsync(user.UserId)).AppName);
    }

    private Task RecordAsync(UserApp user, OwnershipOrigin origin) =>
        Store.RecordOwnershipAsync(fixture.Lease, user.AppName, user.UserId, "vyx", origin, default);
}
