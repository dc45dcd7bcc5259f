namespace Store.Tests.Contract;

public sealed class GenerationsOnPostgres(PostgresWorld world) : GenerationContract<PostgresWorld>(world);

public sealed class GenerationsOnModel(ModelWorld world) : GenerationContract<ModelWorld>(world);

/// <summary>Which changes of a row ask for a look.</summary>
public abstract class GenerationContract<TWorld>(TWorld world) : IClassFixture<TWorld>
    where TWorld : World
{
    [Theory]
    [MemberData(nameof(EditedColumns.All), MemberType = typeof(EditedColumns))]
    public async Task Only_a_change_of_what_is_wished_counts(string column, object? value, bool counts)
    {
        var user = await world.PayingUserAsync();

        await world.EditRowAsync(user.UserId, column, value);

        Assert.Equal(user.Generation + (counts ? 1 : 0), (await world.UserAsync(user.UserId)).Generation);
    }

    [Fact]
    public async Task The_generation_jumps_forward_and_never_back()
    {
        var user = await world.PayingUserAsync();

        await world.EditRowAsync(user.UserId, "generation", 7L);
        await world.EditRowAsync(user.UserId, "generation", 3L);

        // A writer who tried to go back asked for a look all the same only if something else changed.
        Assert.Equal(7, (await world.UserAsync(user.UserId)).Generation);
    }

    [Fact]
    public async Task A_row_that_is_undeleted_by_hand_asks_for_a_look()
    {
        var user = await world.PayingUserAsync();
        await world.EditRowAsync(user.UserId, "deleted_at", await world.NowAsync());

        await world.EditRowAsync(user.UserId, "deleted_at", null);

        Assert.Equal(user.Generation + 1, (await world.UserAsync(user.UserId)).Generation);
    }

    [Fact]
    public async Task A_spec_counts_when_its_value_changes_and_not_its_spelling()
    {
        var user = await world.PayingUserAsync();

        await world.SetSpecAsync(user.UserId, """{"region":"nrt","n":1.0}""");
        var first = await world.UserAsync(user.UserId);
        await world.SetSpecAsync(user.UserId, """{ "n": 1.00, "region": "nrt" }""");
        var same = await world.UserAsync(user.UserId);
        await world.SetSpecAsync(user.UserId, null);
        var cleared = await world.UserAsync(user.UserId);

        Assert.Equal("""{"n": 1.0, "region": "nrt"}""", first.Spec);
        Assert.Equal(
            (user.Generation + 1, user.Generation + 1, user.Generation + 2), (first.Generation, same.Generation, cleared.Generation));
        Assert.Null(cleared.Spec);
    }

    [Fact]
    public async Task A_pause_is_read_back_and_ends_by_itself_or_by_hand()
    {
        var user = await world.PayingUserAsync();
        var until = (await world.NowAsync()).AddHours(1);

        Assert.True(await world.PauseAsync(user.UserId, "me", "why", until));
        var paused = await world.UserAsync(user.UserId);
        await world.PassAsync(TimeSpan.FromHours(2));
        var over = await world.UserAsync(user.UserId);
        Assert.True(await world.UnpauseAsync(user.UserId));
        var ended = await world.UserAsync(user.UserId);

        Assert.Equal((true, "me", "why", user.Generation + 1), (paused.Paused, paused.PauseOwner, paused.PauseReason, paused.Generation));
        Assert.Equal(until, paused.PausedUntil!.Value, TimeSpan.FromMilliseconds(1));
        Assert.Equal((false, "me", user.Generation + 1), (over.Paused, over.PauseOwner, over.Generation));
        Assert.Equal((false, null, null, null), (ended.Paused, ended.PauseOwner, ended.PauseReason, ended.PausedUntil));
        Assert.Equal(user.Generation + 2, ended.Generation);
    }

    [Fact]
    public async Task Unpausing_what_is_not_paused_counts_nothing()
    {
        var user = await world.PayingUserAsync();

        Assert.True(await world.UnpauseAsync(user.UserId));

        Assert.Equal(user.Generation, (await world.UserAsync(user.UserId)).Generation);
    }

    [Fact]
    public async Task Forcing_counts_each_time()
    {
        var user = await world.PayingUserAsync();

        Assert.True(await world.ForceAsync(user.UserId));
        Assert.True(await world.ForceAsync(user.UserId));

        Assert.Equal(user.Generation + 2, (await world.UserAsync(user.UserId)).Generation);
    }

    [Fact]
    public async Task An_operators_wish_for_a_user_without_a_row_is_answered_no()
    {
        var user = await world.CreateUserAsync();

        Assert.False(await world.ForceAsync(user));
        Assert.False(await world.PauseAsync(user, "me", "why"));
        Assert.False(await world.UnpauseAsync(user));
    }

    [Fact]
    public async Task Neither_an_election_nor_a_rename_nor_a_status_counts()
    {
        var user = await world.PayingUserAsync();

        await world.Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "m1", default);
        await world.Store.RenameAppAsync(world.Lease, user.UserId, user.AppName, user.AppName + "-x", default);
        await world.WriteAsync(Writes.Of(user) with { Status = "active", RetryCount = 3 });

        Assert.Equal(user.Generation, (await world.UserAsync(user.UserId)).Generation);
    }
}
