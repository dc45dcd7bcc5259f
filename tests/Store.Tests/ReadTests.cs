namespace Store.Tests;

public sealed class ReadTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private IStore Store => fixture.Store;

    [Fact]
    public async Task Summaries_and_users_come_in_the_ordinal_order_of_their_names()
    {
        foreach (var name in new[] { "b", "B", "a-b", "ab", "_", "é" })
        {
            var user = await fixture.PayingUserAsync();
            await Store.RenameAppAsync(fixture.Lease, user.UserId, user.AppName, name, default);
        }

        var summaries = (await Store.ReadSummariesAsync(default)).Select(static summary => summary.AppName).ToList();
        var users = (await Store.ReadAllUsersAsync(default)).Select(static user => user.AppName).ToList();

        Assert.Equal(users, summaries);
        Assert.Equal(summaries.Order(StringComparer.Ordinal), summaries);
    }

    [Theory]
    [InlineData("", true)]
    [InlineData("spec = '{}'", false)]
    [InlineData("paused = true", false)]
    [InlineData("paused = true, paused_until = now() - interval '1 second'", true)]
    [InlineData("paused = true, paused_until = now() + interval '1 hour'", false)]
    [InlineData("next_attempt_at = now() - interval '1 second'", false)]
    [InlineData("next_attempt_at = now() + interval '1 hour'", true)]
    public async Task A_user_is_settled_when_nothing_asks_for_a_look(string change, bool settled)
    {
        var user = await fixture.PayingUserAsync();
        Assert.False((await SummaryAsync(user.UserId)).Settled);
        if (change.Length > 0)
            await fixture.Database.ExecuteAsync($"update public.user_fly_apps set {change} where user_id = $1", user.UserId);
        await fixture.Database.ExecuteAsync(
            "update public.user_fly_apps set observed_generation = generation where user_id = $1", user.UserId);

        Assert.Equal(settled, (await SummaryAsync(user.UserId)).Settled);
    }

    [Fact]
    public async Task An_open_intent_unsettles_until_it_is_closed()
    {
        var user = await fixture.PayingUserAsync();
        await Store.WriteStatusesAsync(fixture.Lease, [Writes.Of(user)], default);
        var intent = new CreateIntent(
            "launch-1", "machine", user.AppName, user.UserId, "main", new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        await Store.OpenIntentAsync(fixture.Lease, intent, default);
        await Store.OpenIntentAsync(fixture.Lease, intent, default);

        Assert.False((await SummaryAsync(user.UserId)).Settled);
        Assert.Equal([intent], (await fixture.UserAsync(user.UserId)).Intents);
        await Store.CloseIntentAsync(fixture.Lease, "launch-1", default);
        await Store.CloseIntentAsync(fixture.Lease, "launch-1", default);
        Assert.True((await SummaryAsync(user.UserId)).Settled);
    }

    [Fact]
    public async Task The_subscription_decides_who_runs_even_where_the_row_lags()
    {
        var user = await fixture.PayingUserAsync();
        await fixture.Database.ExecuteAsync("alter table public.user_subscriptions disable trigger fly_reconciler_tier");
        await fixture.Data.SetTierAsync(user.UserId, "free");
        await fixture.Database.ExecuteAsync("alter table public.user_subscriptions enable trigger fly_reconciler_tier");

        var summary = await SummaryAsync(user.UserId);

        Assert.Equal(("free", false, true), (summary.Tier, summary.Run, summary.Live));
    }

    [Fact]
    public async Task A_buried_row_is_live_while_we_own_its_app()
    {
        var user = await fixture.PayingUserAsync();
        await Store.RecordOwnershipAsync(fixture.Lease, user.AppName, user.UserId, "vyx", OwnershipOrigin.Created, default);
        await Store.WriteStatusesAsync(
            fixture.Lease, [Writes.Of(user) with { Status = "deleted", DeletedAt = DateTime.UtcNow, Fingerprint = 42 }], default);
        var owned = await SummaryAsync(user.UserId);

        await Store.ReleaseOwnershipAsync(fixture.Lease, user.AppName, default);

        Assert.Equal((true, 42L), (owned.Live, owned.Fingerprint));
        Assert.False((await SummaryAsync(user.UserId)).Live);
        Assert.NotNull((await fixture.UserAsync(user.UserId)).Ownership!.ReleasedAt);
    }

    [Fact]
    public async Task Pending_users_are_those_with_a_new_generation_or_a_retry_due()
    {
        var fresh = await fixture.PayingUserAsync();
        var due = await fixture.PayingUserAsync();
        var later = await fixture.PayingUserAsync();
        await Store.WriteStatusesAsync(
            fixture.Lease,
            [
                Writes.Of(due) with { NextAttemptAt = DateTime.UtcNow.AddMinutes(-1) },
                Writes.Of(later) with { NextAttemptAt = DateTime.UtcNow.AddHours(1) },
            ], default);

        var pending = await Store.ReadPendingAsync(default);

        Assert.Contains(new PendingUser(fresh.UserId, PendingReason.NewGeneration), pending);
        Assert.Contains(new PendingUser(due.UserId, PendingReason.RetryDue), pending);
        Assert.DoesNotContain(pending, user => user.UserId == later.UserId);
    }

    [Fact]
    public async Task The_census_counts_users_to_run_apps_owned_and_rows()
    {
        var before = await Store.ReadCensusAsync(default);
        var user = await fixture.PayingUserAsync();
        await fixture.Data.CreateUserAsync();
        await fixture.Data.CreateUserAsync("pro", "cancelled");
        await Store.RecordOwnershipAsync(fixture.Lease, user.AppName, user.UserId, "vyx", OwnershipOrigin.Created, default);

        Assert.Equal(
            new Census(before.Entitled + 1, before.OwnedLive + 1, before.Rows + 1), await Store.ReadCensusAsync(default));
    }

    [Fact]
    public async Task Users_are_found_by_id_in_any_spelling_and_by_app_name()
    {
        var user = await fixture.PayingUserAsync();
        var upper = user.UserId.ToString("B").ToUpperInvariant();

        var found = await Store.FindUsersAsync([upper, user.AppName, "unknown", Guid.NewGuid().ToString(), "nul\0"], default);

        Assert.Equal(new Dictionary<string, Guid> { [upper] = user.UserId, [user.AppName] = user.UserId }, found);
    }

    [Fact]
    public async Task A_user_whose_account_was_deleted_is_still_known_through_our_own_record()
    {
        var user = await fixture.PayingUserAsync();
        await Store.RecordOwnershipAsync(fixture.Lease, user.AppName, user.UserId, "vyx", OwnershipOrigin.Created, default);
        Assert.True(await Store.ElectMachineAsync(fixture.Lease, user.UserId, user.AppName, null, "m1", default));

        await fixture.Data.DeleteUserAsync(user.UserId);

        var vanished = await fixture.UserAsync(user.UserId);
        Assert.Equal(
            (null, "free", user.AppName, "vyx", "m1"),
            (vanished.RowId, vanished.Tier, vanished.AppName, vanished.OrgSlug, vanished.MachineId));
        Assert.Equal(OwnershipOrigin.Created, vanished.Ownership!.Origin);
        Assert.Equal(
            new AppSummary(user.UserId, user.AppName, "free", Run: false, Live: true, Settled: false, "m1", 0),
            await SummaryAsync(user.UserId));
        Assert.Equal(user.UserId, (await Store.FindUsersAsync([user.AppName], default))[user.AppName]);
        Assert.Contains(await Store.ReadAllUsersAsync(default), other => other.UserId == user.UserId);

        Assert.False(await Store.ElectMachineAsync(fixture.Lease, user.UserId, user.AppName, "m0", null, default));
        Assert.True(await Store.ElectMachineAsync(fixture.Lease, user.UserId, user.AppName, "m1", null, default));
        await Store.WriteStatusesAsync(
            fixture.Lease,
            [
                Writes.Of(vanished) with
                {
                    ErrorMessage = "still stopping", ControllerState = """{"n":1}""", NextAttemptAt = DateTime.UtcNow.AddMinutes(-1),
                    Events = [Writes.Event("deprovision_started")],
                },
            ], default);
        var written = await fixture.UserAsync(user.UserId);
        Assert.Equal(("still stopping", """{"n": 1}""", null), (written.ErrorMessage, written.ControllerState, written.MachineId));
        Assert.Contains(new PendingUser(user.UserId, PendingReason.RetryDue), await Store.ReadPendingAsync(default));
        Assert.Equal("deprovision_started", await fixture.Database.ScalarAsync<string>(
            "select event_type from fly_reconciler.events where app_name = $1", user.AppName));

        await Store.ReleaseOwnershipAsync(fixture.Lease, user.AppName, default);
        Assert.Null(await Store.ReadUserAsync(user.UserId, default));
    }

    [Fact]
    public async Task An_intent_alone_keeps_a_vanished_user_known()
    {
        var user = await fixture.PayingUserAsync();
        await Store.OpenIntentAsync(
            fixture.Lease, new CreateIntent("launch-v", "app", user.AppName, user.UserId, null, DateTime.UtcNow), default);

        await fixture.Data.DeleteUserAsync(user.UserId);

        var vanished = await fixture.UserAsync(user.UserId);
        Assert.Equal((null, user.AppName, null), (vanished.RowId, vanished.AppName, vanished.Ownership));
        Assert.Single(vanished.Intents);
        Assert.Contains(await Store.ReadSummariesAsync(default), summary => summary.UserId == user.UserId);
    }

    private async Task<AppSummary> SummaryAsync(Guid userId) =>
        (await Store.ReadSummariesAsync(default)).Single(summary => summary.UserId == userId);
}
