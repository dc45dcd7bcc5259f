namespace Store.Tests;

public sealed class TierTriggerTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private VyxData Data => fixture.Data;

    [Theory]
    [InlineData("pro")]
    [InlineData("elite")]
    public async Task A_subscription_inserted_as_paid_gets_a_row(string tier)
    {
        var user = await fixture.PayingUserAsync(tier);

        Assert.Equal((tier, "provisioning", AppNames.Candidate("vyx-user-", user.UserId, 0)), (user.Tier, user.Status, user.AppName));
        Assert.Equal(("vyx", "sin", 2, 512), (user.OrgSlug, user.Region, user.CpuCount, user.MemoryMb));
        Assert.Equal((1, 0), (user.Generation, user.ObservedGeneration));
    }

    [Fact]
    public async Task A_free_sign_up_gets_no_row()
    {
        var id = await Data.CreateUserAsync();

        Assert.Null(await fixture.Store.ReadUserAsync(id, default));
    }

    [Fact]
    public async Task An_upgrade_makes_a_row_and_a_second_upgrade_only_changes_its_tier()
    {
        var id = await Data.CreateUserAsync();

        await Data.SetTierAsync(id, "pro");
        var pro = await fixture.UserAsync(id);
        await Data.SetTierAsync(id, "elite");
        var elite = await fixture.UserAsync(id);

        Assert.Equal(("pro", "elite"), (pro.Tier, elite.Tier));
        Assert.Equal((pro.RowId, pro.Generation + 1), (elite.RowId, elite.Generation));
    }

    [Theory]
    [InlineData("update public.user_subscriptions set tier = 'free' where user_id = $1")]
    [InlineData("update public.user_subscriptions set status = 'cancelled' where user_id = $1")]
    [InlineData("update public.user_subscriptions set expires_at = now() - interval '1 second' where user_id = $1")]
    [InlineData("delete from public.user_subscriptions where user_id = $1")]
    [InlineData("update public.user_subscriptions set user_id = null where user_id = $1")]
    public async Task The_end_of_a_subscription_keeps_the_row_and_takes_the_tier(string sql)
    {
        var before = await fixture.PayingUserAsync();

        await fixture.Database.ExecuteAsync(sql, before.UserId);

        var after = await fixture.UserAsync(before.UserId);
        Assert.Equal(
            ("free", before.RowId, before.Status, before.Generation + 1),
            (after.Tier, after.RowId, after.Status, after.Generation));
        Assert.Equal("free", await RowTierAsync(before.UserId));
        Assert.Null(after.DeletedAt);
    }

    [Fact]
    public async Task A_payment_past_due_keeps_the_tier()
    {
        var user = await fixture.PayingUserAsync();

        await Data.SetStatusAsync(user.UserId, "past_due");

        var after = await fixture.UserAsync(user.UserId);
        Assert.Equal(("pro", user.Generation), (after.Tier, after.Generation));
    }

    [Fact]
    public async Task An_expiry_in_the_future_counts_only_when_it_comes()
    {
        var id = await Data.CreateUserAsync("pro", expiresAt: DateTime.UtcNow.AddDays(1));

        Assert.True((await fixture.UserAsync(id)).Entitled);
    }

    [Fact]
    public async Task A_returning_user_gets_the_same_row_back()
    {
        var user = await fixture.PayingUserAsync();
        await Data.SetTierAsync(user.UserId, "free");
        var free = await fixture.UserAsync(user.UserId);
        await fixture.Store.WriteStatusesAsync(
            fixture.Lease,
            [Writes.Of(free) with { Status = "deleted", DeletedAt = DateTime.UtcNow, ErrorMessage = "old", RetryCount = 3 }], default);

        await Data.SetTierAsync(user.UserId, "elite");

        var back = await fixture.UserAsync(user.UserId);
        Assert.Equal((user.RowId, user.AppName, "elite", "provisioning"), (back.RowId, back.AppName, back.Tier, back.Status));
        Assert.Equal((null, null, 0, free.Generation + 1), (back.DeletedAt, back.ErrorMessage, back.RetryCount, back.Generation));
    }

    [Fact]
    public async Task A_name_that_another_row_has_falls_through_to_the_next_candidate()
    {
        var id = Guid.NewGuid();
        var squatter = await Data.CreateUserAsync();
        await Data.CreateAppRowAsync(squatter, AppNames.Candidate("vyx-user-", id, 0));

        await Data.CreateUserAsync("pro", id: id);

        Assert.Equal(AppNames.Candidate("vyx-user-", id, 1), (await fixture.UserAsync(id)).AppName);
    }

    [Fact]
    public async Task A_name_that_a_vanished_user_still_owns_falls_through_too()
    {
        var id = Guid.NewGuid();
        await fixture.Store.RecordOwnershipAsync(
            fixture.Lease, AppNames.Candidate("vyx-user-", id, 0), Guid.NewGuid(), "vyx", OwnershipOrigin.Created, default);

        await Data.CreateUserAsync("pro", id: id);

        Assert.Equal(AppNames.Candidate("vyx-user-", id, 1), (await fixture.UserAsync(id)).AppName);
    }

    [Fact]
    public async Task A_moved_subscription_takes_the_tier_along()
    {
        var from = await fixture.PayingUserAsync();
        var to = Guid.NewGuid();
        await Data.CreateAccountAsync(to);

        await fixture.Database.ExecuteAsync("update public.user_subscriptions set user_id = $2 where user_id = $1", from.UserId, to);

        Assert.Equal(("free", "pro"), ((await fixture.UserAsync(from.UserId)).Tier, (await fixture.UserAsync(to)).Tier));
    }

    [Fact]
    public async Task The_old_trigger_is_silent_until_it_is_restored()
    {
        var id = await Data.CreateUserAsync();
        await Data.SetTierAsync(id, "pro");
        var silent = await HttpCallsAsync();

        await fixture.Database.ExecuteAsync("select fly_reconciler.restore_old_trigger()");
        await Data.SetTierAsync(id, "free");
        var restored = await HttpCallsAsync();
        var ours = await RowTierAsync(id);
        await fixture.Database.ExecuteAsync("select fly_reconciler.replace_old_trigger()");

        Assert.Equal((0L, 1L), (silent, restored));
        Assert.Equal("pro", ours);

        Task<long> HttpCallsAsync() =>
            fixture.Database.ScalarAsync<long>("select count(*) from public.http_calls where user_id = $1", id)!;
    }

    [Fact]
    public async Task The_synchronisation_repairs_what_a_disabled_trigger_missed_and_touches_nothing_else()
    {
        var bystander = await fixture.PayingUserAsync();
        var downgraded = await fixture.PayingUserAsync();
        var upgraded = await Data.CreateUserAsync();
        await fixture.Store.SyncTiersAsync(fixture.Lease, default);
        var before = await RowVersionAsync(bystander.UserId);
        await fixture.Database.ExecuteAsync("alter table public.user_subscriptions disable trigger fly_reconciler_tier");
        await Data.SetTierAsync(upgraded, "pro");
        await Data.SetTierAsync(downgraded.UserId, "free");
        await fixture.Database.ExecuteAsync("alter table public.user_subscriptions enable trigger fly_reconciler_tier");

        var touched = await fixture.Store.SyncTiersAsync(fixture.Lease, default);
        var again = await fixture.Store.SyncTiersAsync(fixture.Lease, default);

        Assert.Equal(new[] { upgraded, downgraded.UserId }.Order(), touched.Order());
        Assert.Empty(again);
        Assert.Equal("pro", (await fixture.UserAsync(upgraded)).Tier);
        Assert.Equal("free", await RowTierAsync(downgraded.UserId));
        Assert.Equal(before, await RowVersionAsync(bystander.UserId));
    }

    [Fact]
    public async Task An_expired_subscription_reads_as_free_at_once_and_the_synchronisation_writes_it()
    {
        var id = await Data.CreateUserAsync("pro", expiresAt: DateTime.UtcNow.AddDays(1));
        await fixture.Database.ExecuteAsync("alter table public.user_subscriptions disable trigger fly_reconciler_tier");
        await Data.SetExpiryAsync(id, DateTime.UtcNow.AddSeconds(-1)); // stands for the passing of a day
        await fixture.Database.ExecuteAsync("alter table public.user_subscriptions enable trigger fly_reconciler_tier");

        Assert.Equal(("free", "pro"), ((await fixture.UserAsync(id)).Tier, await RowTierAsync(id)));
        Assert.Contains(id, await fixture.Store.SyncTiersAsync(fixture.Lease, default));
        Assert.Equal("free", await RowTierAsync(id));
    }

    private Task<string?> RowTierAsync(Guid userId) =>
        fixture.Database.ScalarAsync<string>("select tier from public.user_fly_apps where user_id = $1", userId);

    private Task<string?> RowVersionAsync(Guid userId) =>
        fixture.Database.ScalarAsync<string>("select xmin || ' ' || ctid from public.user_fly_apps where user_id = $1", userId);
}
