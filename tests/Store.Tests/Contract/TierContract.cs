namespace Store.Tests.Contract;

public sealed class TiersOnPostgres(PostgresWorld world) : TierContract<PostgresWorld>(world);

public sealed class TiersOnModel(ModelWorld world) : TierContract<ModelWorld>(world);

/// <summary>What a subscription change does to the user's row, in the same transaction.</summary>
public abstract class TierContract<TWorld>(TWorld world) : IClassFixture<TWorld>
    where TWorld : World
{
    [Theory]
    [InlineData("pro")]
    [InlineData("elite")]
    public async Task A_subscription_inserted_as_paid_gets_a_row(string tier)
    {
        var user = await world.PayingUserAsync(tier);

        Assert.Equal(
            (tier, "provisioning", "unknown", AppNames.Candidate("vyx-user-", user.UserId, 0)),
            (user.Tier, user.Status, user.HealthStatus, user.AppName));
        Assert.Equal(("vyx", "sin", World.Defaults.DockerImage, 2, 512), (user.OrgSlug, user.Region, user.DockerImage, user.CpuCount, user.MemoryMb));
        Assert.Equal((1, 0), (user.Generation, user.ObservedGeneration));
        Assert.Equal(("[]", "{}", 0L, 0, null), (user.Conditions, user.ControllerState, user.Fingerprint, user.RetryCount, user.MachineId));
    }

    [Fact]
    public async Task A_free_sign_up_gets_no_row() => Assert.Null(await world.Store.ReadUserAsync(await world.CreateUserAsync(), default));

    [Theory]
    [InlineData("cancelled", 1)]
    [InlineData("active", -1)]
    public async Task A_sign_up_that_is_over_already_gets_no_row(string status, int days)
    {
        var id = await world.CreateUserAsync("pro", status, (await world.NowAsync()).AddDays(days));

        Assert.Null(await world.Store.ReadUserAsync(id, default));
    }

    [Fact]
    public async Task An_upgrade_makes_a_row_and_a_second_upgrade_only_changes_its_tier()
    {
        var id = await world.CreateUserAsync();

        await world.SetTierAsync(id, "pro");
        var pro = await world.UserAsync(id);
        await world.SetTierAsync(id, "elite");
        var elite = await world.UserAsync(id);

        Assert.Equal(("pro", "elite"), (pro.Tier, elite.Tier));
        Assert.Equal((pro.RowId, pro.Generation + 1), (elite.RowId, elite.Generation));
    }

    [Fact]
    public async Task The_same_tier_again_changes_nothing()
    {
        var user = await world.PayingUserAsync();
        var before = await world.RowVersionAsync(user.UserId);

        await world.SetTierAsync(user.UserId, "pro");

        Assert.Equal(before, await world.RowVersionAsync(user.UserId));
    }

    [Theory]
    [InlineData("free")]
    [InlineData("cancelled")]
    [InlineData("expired")]
    [InlineData("deleted")]
    [InlineData("taken away")]
    public async Task The_end_of_a_subscription_keeps_the_row_and_takes_the_tier(string end)
    {
        var before = await world.PayingUserAsync();

        await (end switch
        {
            "free" => world.SetTierAsync(before.UserId, "free"),
            "cancelled" => world.SetStatusAsync(before.UserId, "cancelled"),
            "expired" => world.SetExpiryAsync(before.UserId, (await world.NowAsync()).AddSeconds(-1)),
            "deleted" => world.DeleteSubscriptionAsync(before.UserId),
            _ => world.MoveSubscriptionAsync(before.UserId, null),
        });

        var after = await world.UserAsync(before.UserId);
        Assert.Equal(
            ("free", before.RowId, before.Status, before.Generation + 1),
            (after.Tier, after.RowId, after.Status, after.Generation));
        Assert.Equal("free", await world.RowTierAsync(before.UserId));
        Assert.Null(after.DeletedAt);
    }

    [Fact]
    public async Task A_payment_past_due_keeps_the_tier()
    {
        var user = await world.PayingUserAsync();

        await world.SetStatusAsync(user.UserId, "past_due");

        var after = await world.UserAsync(user.UserId);
        Assert.Equal(("pro", user.Generation), (after.Tier, after.Generation));
    }

    [Fact]
    public async Task An_expiry_in_the_future_counts_only_when_it_comes()
    {
        var id = await world.CreateUserAsync("pro", expiresAt: (await world.NowAsync()).AddDays(1));
        var before = await world.UserAsync(id);

        await world.PassAsync(TimeSpan.FromDays(2));

        var after = await world.UserAsync(id);
        Assert.Equal((true, false), (before.Entitled, after.Entitled));
        // Time alone writes nothing: the row follows at the next synchronisation.
        Assert.Equal(("pro", before.Generation), (await world.RowTierAsync(id), after.Generation));
    }

    [Fact]
    public async Task A_longer_term_brings_an_expired_subscription_back()
    {
        var user = await world.PayingUserAsync();
        await world.SetExpiryAsync(user.UserId, (await world.NowAsync()).AddDays(-1));

        await world.SetExpiryAsync(user.UserId, (await world.NowAsync()).AddDays(1));

        Assert.Equal(("pro", "pro"), (await world.RowTierAsync(user.UserId), (await world.UserAsync(user.UserId)).Tier));
    }

    [Fact]
    public async Task A_returning_user_gets_the_same_row_back()
    {
        var user = await world.PayingUserAsync();
        await world.SetTierAsync(user.UserId, "free");
        var free = await world.UserAsync(user.UserId);
        var now = await world.NowAsync();
        await world.WriteAsync(Writes.Of(free) with
        {
            Status = "deleted", HealthStatus = null, DeletedAt = now, ErrorMessage = "old", RetryCount = 3, NextAttemptAt = now,
            LastErrorClass = "old", Fingerprint = 7, ControllerState = """{"old":1}""",
        });

        await world.SetTierAsync(user.UserId, "elite");

        var back = await world.UserAsync(user.UserId);
        Assert.Equal((user.RowId, user.AppName, "elite", "provisioning"), (back.RowId, back.AppName, back.Tier, back.Status));
        Assert.Equal((null, null, 0, free.Generation + 1), (back.DeletedAt, back.ErrorMessage, back.RetryCount, back.Generation));
        Assert.Equal((null, null, 0L, "unknown"), (back.NextAttemptAt, back.LastErrorClass, back.Fingerprint, back.HealthStatus));
        Assert.Equal("""{"old": 1}""", back.ControllerState);
    }

    [Fact]
    public async Task A_row_that_only_says_deleted_comes_back_too()
    {
        var user = await world.PayingUserAsync();
        await world.EditRowAsync(user.UserId, "status", "deleted");

        await world.SetTierAsync(user.UserId, "pro");

        var back = await world.UserAsync(user.UserId);
        Assert.Equal(("provisioning", user.Generation + 1), (back.Status, back.Generation));
    }

    [Fact]
    public async Task A_buried_user_who_stays_free_stays_buried()
    {
        var user = await world.PayingUserAsync();
        await world.SetTierAsync(user.UserId, "free");
        await world.WriteAsync(Writes.Of(await world.UserAsync(user.UserId)) with { Status = "deleted", DeletedAt = await world.NowAsync() });
        var before = await world.RowVersionAsync(user.UserId);

        await world.SetStatusAsync(user.UserId, "past_due");

        Assert.Equal(before, await world.RowVersionAsync(user.UserId));
    }

    [Fact]
    public async Task A_name_that_another_row_has_falls_through_to_the_next_candidate()
    {
        var id = Guid.NewGuid();
        await world.PlantRowAsync(await world.CreateUserAsync(), AppNames.Candidate("vyx-user-", id, 0));

        await world.CreateUserAsync("pro", id: id);

        Assert.Equal(AppNames.Candidate("vyx-user-", id, 1), (await world.UserAsync(id)).AppName);
    }

    [Fact]
    public async Task A_name_that_a_vanished_user_still_owns_falls_through_too_and_a_released_one_does_not()
    {
        var (first, second) = (Guid.NewGuid(), Guid.NewGuid());
        foreach (var id in new[] { first, second })
        {
            await world.Store.RecordOwnershipAsync(
                world.Lease, AppNames.Candidate("vyx-user-", id, 0), Guid.NewGuid(), "vyx", OwnershipOrigin.Created, default);
        }
        await world.Store.ReleaseOwnershipAsync(world.Lease, AppNames.Candidate("vyx-user-", second, 0), default);

        await world.CreateUserAsync("pro", id: first);
        await world.CreateUserAsync("pro", id: second);

        Assert.Equal(AppNames.Candidate("vyx-user-", first, 1), (await world.UserAsync(first)).AppName);
        Assert.Equal(AppNames.Candidate("vyx-user-", second, 0), (await world.UserAsync(second)).AppName);
    }

    [Fact]
    public async Task A_user_for_whom_no_name_is_free_gets_a_subscription_and_a_line_in_the_journal()
    {
        var id = Guid.NewGuid();
        for (var k = 0; k < 16; k++)
            await world.PlantRowAsync(await world.CreateUserAsync(), AppNames.Candidate("vyx-user-", id, k));

        await world.CreateUserAsync("pro", id: id);

        Assert.Contains(new RowlessUser(id, "pro"), await world.Store.ReadRowlessUsersAsync(default));
        var line = Assert.Single(await world.JournalAsync(id));
        Assert.Equal(
            new SeenEvent("error_occurred", "error", """{"reason": "SubscriptionNotFollowed", "sqlstate": "P0001"}""", line.ErrorDetails), line);
        Assert.Contains("no app name is free", line.ErrorDetails, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_moved_subscription_takes_the_tier_along()
    {
        var from = await world.PayingUserAsync();
        var to = Guid.NewGuid();
        await world.CreateAccountAsync(to);

        await world.MoveSubscriptionAsync(from.UserId, to);

        Assert.Equal(("free", "pro"), ((await world.UserAsync(from.UserId)).Tier, (await world.UserAsync(to)).Tier));
        Assert.Equal(("free", "pro"), (await world.RowTierAsync(from.UserId), await world.RowTierAsync(to)));
    }

    [Fact]
    public async Task A_trigger_that_is_off_follows_nothing()
    {
        var user = await world.PayingUserAsync();
        await world.EnableTriggerAsync(false);
        await world.SetTierAsync(user.UserId, "elite");
        var late = await world.CreateUserAsync("pro");
        await world.EnableTriggerAsync(true);

        Assert.Equal("pro", await world.RowTierAsync(user.UserId));
        Assert.Null(await world.Store.ReadUserAsync(late, default));
        Assert.Contains(new RowlessUser(late, "pro"), await world.Store.ReadRowlessUsersAsync(default));
    }

    [Fact]
    public async Task New_rows_have_the_newest_defaults()
    {
        await world.Store.WriteDefaultsAsync(world.Lease, new RowDefaults("other-", "org", "ams", "image:9", 8, 2048), default);
        var user = await world.PayingUserAsync();
        await world.Store.WriteDefaultsAsync(world.Lease, World.Defaults, default);

        Assert.Equal(
            (AppNames.Candidate("other-", user.UserId, 0), "org", "ams", "image:9", 8, 2048),
            (user.AppName, user.OrgSlug, user.Region, user.DockerImage, user.CpuCount, user.MemoryMb));
    }

    [Fact]
    public async Task The_row_of_a_deleted_account_goes_and_its_events_with_it()
    {
        var user = await world.PayingUserAsync();
        await world.WriteAsync(Writes.Of(user) with { Events = [Writes.Event()] });

        await world.DeleteUserAsync(user.UserId);

        Assert.Null(await world.Store.ReadUserAsync(user.UserId, default));
        Assert.Empty(await world.AppEventsAsync(user.RowId!.Value));
        Assert.Empty(await world.JournalAsync(user.UserId));
    }

    [Fact]
    public async Task A_row_that_stood_here_before_us_is_inherited_with_its_tier()
    {
        var user = await world.CreateUserAsync();
        await world.EnableTriggerAsync(false);
        await world.SetTierAsync(user, "elite");
        await world.EnableTriggerAsync(true);

        var rowId = await world.PlantRowAsync(user, "the-old-app", inherited: true);

        var read = await world.UserAsync(user);
        Assert.Equal((rowId, "elite", "active", 1L, 4, 1024), (read.RowId, read.Tier, read.Status, read.Generation, read.CpuCount, read.MemoryMb));
        Assert.Equal(OwnershipOrigin.Inherited, read.Ownership!.Origin);
        Assert.Equal("elite", await world.RowTierAsync(user));
    }

    [Fact]
    public async Task A_row_that_comes_later_proves_nothing()
    {
        var user = await world.CreateUserAsync();

        await world.PlantRowAsync(user, "a-planted-app");

        var read = await world.UserAsync(user);
        Assert.Equal(("free", null), (await world.RowTierAsync(user), read.Ownership));
    }
}
