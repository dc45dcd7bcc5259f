namespace Store.Tests.Contract;

public sealed class OwnershipOnPostgres(PostgresWorld world) : OwnershipContract<PostgresWorld>(world);

public sealed class OwnershipOnModel(ModelWorld world) : OwnershipContract<ModelWorld>(world);

/// <summary>Whose app it is, by which name, and which machine may run in it.</summary>
public abstract class OwnershipContract<TWorld>(TWorld world) : IClassFixture<TWorld>
    where TWorld : World
{
    private IStore Store => world.Store;

    [Fact]
    public async Task A_repeated_record_keeps_how_it_began_and_a_released_one_begins_anew()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        var first = (await world.UserAsync(user.UserId)).Ownership;
        await world.OwnAsync(user, OwnershipOrigin.Adopted);
        var repeated = (await world.UserAsync(user.UserId)).Ownership;
        await Store.ReleaseOwnershipAsync(world.Lease, user.AppName, default);
        await world.OwnAsync(user, OwnershipOrigin.Adopted);
        var again = (await world.UserAsync(user.UserId)).Ownership;

        Assert.Equal(first, repeated);
        Assert.Equal((OwnershipOrigin.Adopted, null), (again!.Origin, again.ReleasedAt));
        Assert.True(again.AcquiredAt > first!.AcquiredAt);
    }

    [Fact]
    public async Task A_release_that_is_repeated_keeps_its_time()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        await Store.ReleaseOwnershipAsync(world.Lease, user.AppName, default);
        var first = (await world.UserAsync(user.UserId)).Ownership!.ReleasedAt;

        await Store.ReleaseOwnershipAsync(world.Lease, user.AppName, default);
        await Store.ReleaseOwnershipAsync(world.Lease, "an app nobody knows", default);

        Assert.Equal(first, (await world.UserAsync(user.UserId)).Ownership!.ReleasedAt);
    }

    [Fact]
    public async Task An_app_of_another_user_is_taken_over_only_after_its_release()
    {
        var first = await world.PayingUserAsync();
        var second = await world.PayingUserAsync();
        await world.OwnAsync(first);

        var error = await Assert.ThrowsAsync<AppNameInUseException>(() => Store.RecordOwnershipAsync(
            world.Lease, first.AppName, second.UserId, "vyx", OwnershipOrigin.Adopted, default));
        await Store.ReleaseOwnershipAsync(world.Lease, first.AppName, default);
        await Store.RecordOwnershipAsync(world.Lease, first.AppName, second.UserId, "vyx", OwnershipOrigin.Adopted, default);

        Assert.Equal(first.AppName, error.AppName);
        Assert.Null((await world.UserAsync(first.UserId)).Ownership);
    }

    [Fact]
    public async Task A_new_record_knows_the_elected_machine_and_a_live_one_the_newest_organisation()
    {
        var user = await world.PayingUserAsync();
        await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "m1", default);
        await world.OwnAsync(user);
        await Store.RecordOwnershipAsync(world.Lease, user.AppName, user.UserId, "moved", OwnershipOrigin.Created, default);

        await world.DeleteUserAsync(user.UserId);

        var vanished = await world.UserAsync(user.UserId);
        Assert.Equal(("m1", "moved"), (vanished.MachineId, vanished.OrgSlug));
    }

    [Fact]
    public async Task A_record_that_begins_anew_forgets_the_machine_and_keeps_the_status()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "m1", default);
        await world.DeleteUserAsync(user.UserId);
        await world.WriteAsync(Writes.Of(await world.UserAsync(user.UserId)) with { ErrorMessage = "before", NextAttemptAt = await world.NowAsync() });
        await Store.ReleaseOwnershipAsync(world.Lease, user.AppName, default);

        await world.OwnAsync(user, OwnershipOrigin.Adopted);

        var again = await world.UserAsync(user.UserId);
        Assert.Equal((null, "before", null), (again.MachineId, again.ErrorMessage, again.NextAttemptAt));
    }

    [Fact]
    public async Task An_election_is_won_by_exactly_one_of_many()
    {
        var user = await world.PayingUserAsync();

        var results = await Task.WhenAll(Enumerable.Range(0, 16).Select(i =>
            Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, $"m{i}", default)));

        var winner = Array.IndexOf(results, true);
        Assert.Single(results, static won => won);
        Assert.Equal($"m{winner}", (await world.UserAsync(user.UserId)).MachineId);
    }

    [Theory]
    [InlineData(null, "m1", true)]
    [InlineData("m0", "m1", false)]
    [InlineData("", "m1", false)]
    public async Task An_election_needs_the_expected_machine(string? expected, string? elected, bool won)
    {
        var user = await world.PayingUserAsync();

        Assert.Equal(won, await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, expected, elected, default));
        Assert.Equal(won ? elected : null, (await world.UserAsync(user.UserId)).MachineId);
    }

    [Fact]
    public async Task An_election_is_ended_by_electing_nobody()
    {
        var user = await world.PayingUserAsync();
        await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "m1", default);

        Assert.True(await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, "m1", "m1", default));
        Assert.True(await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, "m1", null, default));
        Assert.True(await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, null, default));

        Assert.Null((await world.UserAsync(user.UserId)).MachineId);
    }

    [Fact]
    public async Task An_election_in_an_app_that_is_not_the_users_fails()
    {
        var user = await world.PayingUserAsync();

        Assert.False(await Store.ElectMachineAsync(world.Lease, user.UserId, "elsewhere", null, "m1", default));
        Assert.False(await Store.ElectMachineAsync(world.Lease, Guid.NewGuid(), user.AppName, null, "m1", default));
    }

    [Fact]
    public async Task The_record_follows_the_row_and_the_row_decides()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "m1", default);
        await world.EditRowAsync(user.UserId, "machine_id", "by-hand");

        Assert.False(await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, "m1", "m2", default));
        Assert.True(await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, "by-hand", "m2", default));

        await world.DeleteUserAsync(user.UserId);
        Assert.Equal("m2", (await world.UserAsync(user.UserId)).MachineId);
    }

    [Fact]
    public async Task Without_a_row_the_record_decides()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "m1", default);
        await world.DeleteUserAsync(user.UserId);

        Assert.False(await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, "m0", null, default));
        Assert.True(await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, "m1", null, default));
        Assert.Null((await world.UserAsync(user.UserId)).MachineId);
    }

    [Fact]
    public async Task In_an_app_that_the_row_does_not_name_nothing_is_elected()
    {
        var user = await world.PayingUserAsync();
        await Store.RecordOwnershipAsync(world.Lease, user.AppName + "-old", user.UserId, "vyx", OwnershipOrigin.Adopted, default);

        Assert.False(await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName + "-old", null, "m-old", default));

        Assert.Null((await world.UserAsync(user.UserId)).MachineId);
    }

    [Fact]
    public async Task A_user_moves_to_another_name_once()
    {
        var user = await world.PayingUserAsync();
        var other = await world.PayingUserAsync();

        await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "of-the-old-app", default);
        Assert.True(await Store.RenameAppAsync(world.Lease, user.UserId, user.AppName, user.AppName + "-2", default));
        Assert.Null((await world.UserAsync(user.UserId)).MachineId);
        Assert.False(await Store.RenameAppAsync(world.Lease, user.UserId, user.AppName, user.AppName + "-3", default));
        var error = await Assert.ThrowsAsync<AppNameInUseException>(() =>
            Store.RenameAppAsync(world.Lease, user.UserId, user.AppName + "-2", other.AppName, default));

        Assert.Equal(other.AppName, error.AppName);
        Assert.Equal(user.AppName + "-2", (await world.UserAsync(user.UserId)).AppName);
    }

    [Fact]
    public async Task A_buried_row_keeps_its_name_from_others()
    {
        var user = await world.PayingUserAsync();
        var buried = await world.PayingUserAsync();
        await world.WriteAsync(Writes.Of(buried) with { Status = "deleted", DeletedAt = await world.NowAsync() });

        await Assert.ThrowsAsync<AppNameInUseException>(() =>
            Store.RenameAppAsync(world.Lease, user.UserId, user.AppName, buried.AppName, default));
    }

    [Fact]
    public async Task An_intent_of_an_unknown_kind_is_refused()
    {
        var user = await world.PayingUserAsync();

        var error = await Assert.ThrowsAsync<Npgsql.PostgresException>(() => Store.OpenIntentAsync(
            world.Lease, new CreateIntent("odd", "volume", user.AppName, user.UserId, null), default));

        Assert.Equal(("23514", "intents_kind_check"), (error.SqlState, error.ConstraintName));
        Assert.Empty((await world.UserAsync(user.UserId)).Intents);
    }
}
