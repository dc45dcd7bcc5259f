namespace Store.Tests.Contract;

public sealed class ReadsOnPostgres(PostgresWorld world) : ReadContract<PostgresWorld>(world);

public sealed class ReadsOnModel(ModelWorld world) : ReadContract<ModelWorld>(world);

/// <summary>What the observing half of the controller is told.</summary>
public abstract class ReadContract<TWorld>(TWorld world) : IClassFixture<TWorld>
    where TWorld : World
{
    private IStore Store => world.Store;

    [Fact]
    public async Task Summaries_and_users_come_in_the_ordinal_order_of_their_names()
    {
        foreach (var name in new[] { "b", "B", "a-b", "ab", "_", "é" })
        {
            var user = await world.PayingUserAsync();
            await Store.RenameAppAsync(world.Lease, user.UserId, user.AppName, name, default);
        }

        var all = (await Store.ReadSummariesAsync(default)).Select(static summary => summary.AppName).ToList();
        var summaries = (await Store.ReadSummariesAsync(default)).Where(static summary => !summary.Former).Select(static summary => summary.AppName).ToList();
        var users = (await Store.ReadAllUsersAsync(default)).Select(static user => user.AppName).ToList();

        Assert.Equal(users, summaries);
        Assert.Equal(all.Order(StringComparer.Ordinal), all);
    }

    [Theory]
    [InlineData("nothing", true)]
    [InlineData("an override", false)]
    [InlineData("a pause", false)]
    [InlineData("a pause that is over", true)]
    [InlineData("a pause that will end", false)]
    [InlineData("a retry that is due", false)]
    [InlineData("a retry later", true)]
    [InlineData("an intent", false)]
    public async Task A_user_is_settled_when_nothing_asks_for_a_look(string change, bool settled)
    {
        var user = await world.PayingUserAsync();
        var now = await world.NowAsync();
        Assert.False((await world.SummaryAsync(user.UserId)).Settled);
        switch (change)
        {
            case "an override": await world.SetSpecAsync(user.UserId, "{}"); break;
            case "a pause": await world.PauseAsync(user.UserId, "me", "why"); break;
            case "a pause that is over": await world.PauseAsync(user.UserId, "me", "why", now.AddSeconds(-1)); break;
            case "a pause that will end": await world.PauseAsync(user.UserId, "me", "why", now.AddHours(1)); break;
            case "a retry that is due": await world.EditRowAsync(user.UserId, "next_attempt_at", now.AddSeconds(-1)); break;
            case "a retry later": await world.EditRowAsync(user.UserId, "next_attempt_at", now.AddHours(1)); break;
            case "an intent": await OpenAsync($"launch-{user.UserId}", user); break;
        }
        await world.EditRowAsync(user.UserId, "observed_generation", (await world.UserAsync(user.UserId)).Generation);

        Assert.Equal(settled, (await world.SummaryAsync(user.UserId)).Settled);
    }

    [Fact]
    public async Task An_open_intent_unsettles_until_it_is_closed()
    {
        var user = await world.PayingUserAsync();
        await world.SettleAsync(user);

        var intent = await OpenAsync("launch-1", user);
        await OpenAsync("launch-1", user);

        Assert.False((await world.SummaryAsync(user.UserId)).Settled);
        Assert.Equal([intent], (await world.UserAsync(user.UserId)).Intents.Select(static i => i with { CreatedAt = default }));
        await Store.CloseIntentAsync(world.Lease, "launch-1", default);
        await Store.CloseIntentAsync(world.Lease, "launch-1", default);
        Assert.True((await world.SummaryAsync(user.UserId)).Settled);
    }

    [Fact]
    public async Task Intents_come_oldest_first_and_one_whose_id_is_known_is_written_anew()
    {
        var user = await world.PayingUserAsync();
        var first = await OpenAsync("launch-b", user);
        var second = first with { LaunchId = "launch-a" };
        var third = first with { LaunchId = "launch-z", MachineName = null, Kind = "app" };
        var anew = first with { MachineName = "other" };
        foreach (var intent in new[] { second, third, anew })
            await Store.OpenIntentAsync(world.Lease, intent, default);

        var read = await world.UserAsync(user.UserId);
        Assert.Equal([second, third, anew], read.Intents.Select(static i => i with { CreatedAt = default }));
        Assert.Equal(read.Intents.Select(static i => i.CreatedAt).Order(), read.Intents.Select(static i => i.CreatedAt));
    }

    [Fact]
    public async Task An_intent_is_dated_by_the_database_as_is_the_read_that_ages_it()
    {
        var user = await world.PayingUserAsync();
        var before = await world.UserAsync(user.UserId);
        await Store.OpenIntentAsync(
            world.Lease, new CreateIntent("launch-d", "app", user.AppName, user.UserId, null) { CreatedAt = DateTime.UnixEpoch }, default);

        var after = await world.UserAsync(user.UserId);

        Assert.InRange(Assert.Single(after.Intents).CreatedAt, before.ReadAt, after.ReadAt);
        Assert.Equal(DateTimeKind.Utc, after.ReadAt.Kind);
    }

    [Fact]
    public async Task The_subscription_decides_who_runs_even_where_the_row_lags()
    {
        var user = await world.PayingUserAsync();
        await world.EnableTriggerAsync(false);
        await world.SetTierAsync(user.UserId, "free");
        await world.EnableTriggerAsync(true);

        var summary = await world.SummaryAsync(user.UserId);

        Assert.Equal(("free", false, true), (summary.Tier, summary.Run, summary.Live));
    }

    [Fact]
    public async Task A_row_whose_subscription_is_gone_reads_as_free()
    {
        var user = await world.PayingUserAsync();
        await world.EnableTriggerAsync(false);
        await world.DeleteSubscriptionAsync(user.UserId);
        await world.EnableTriggerAsync(true);

        Assert.Equal(("free", "pro"), ((await world.UserAsync(user.UserId)).Tier, await world.RowTierAsync(user.UserId)));
    }

    [Fact]
    public async Task A_summary_names_the_machine_and_the_fingerprint()
    {
        var user = await world.PayingUserAsync("elite");
        await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "m1", default);
        await world.WriteAsync(Writes.Of(user) with { Fingerprint = -5 });

        Assert.Equal(
            new AppSummary(user.UserId, user.AppName, "elite", Run: true, Live: true, Settled: true, "m1", -5),
            await world.SummaryAsync(user.UserId));
    }

    [Fact]
    public async Task A_buried_row_is_live_while_we_own_its_app()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        await world.WriteAsync(Writes.Of(user) with { Status = "deleted", DeletedAt = await world.NowAsync(), Fingerprint = 42 });
        var owned = await world.SummaryAsync(user.UserId);

        await Store.ReleaseOwnershipAsync(world.Lease, user.AppName, default);

        Assert.Equal((true, 42L), (owned.Live, owned.Fingerprint));
        Assert.False((await world.SummaryAsync(user.UserId)).Live);
        Assert.NotNull((await world.UserAsync(user.UserId)).Ownership!.ReleasedAt);
    }

    [Theory]
    [InlineData("deprovisioning", true)]
    [InlineData("error", true)]
    [InlineData("deleted", false)]
    public async Task A_buried_row_is_live_until_we_have_said_that_it_is_deleted(string status, bool live)
    {
        var user = await world.PayingUserAsync();
        await world.WriteAsync(Writes.Of(user) with { Status = status, DeletedAt = await world.NowAsync() });

        Assert.Equal(live, (await world.SummaryAsync(user.UserId)).Live);
    }

    [Theory]
    [InlineData("deprovisioning")]
    [InlineData("deleted")]
    public async Task A_row_that_was_buried_before_us_is_nobodys_unfinished_work(string status)
    {
        var user = await world.CreateUserAsync();
        await world.PlantRowAsync(user, $"vyx-user-{user:N}", status, await world.NowAsync());

        Assert.False((await world.SummaryAsync(user)).Live);
    }

    [Fact]
    public async Task A_buried_row_is_live_while_a_creation_was_never_answered()
    {
        var user = await world.PayingUserAsync();
        await world.WriteAsync(Writes.Of(user) with { Status = "deleted", DeletedAt = await world.NowAsync() });
        await OpenAsync("launch-1", user);
        var asked = await world.SummaryAsync(user.UserId);

        await Store.CloseIntentAsync(world.Lease, "launch-1", default);

        Assert.Equal((true, false), (asked.Live, asked.Settled));
        Assert.False((await world.SummaryAsync(user.UserId)).Live);
    }

    [Fact]
    public async Task A_record_of_another_app_is_none_of_this_one()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);

        await Store.RenameAppAsync(world.Lease, user.UserId, user.AppName, user.AppName + "-moved", default);

        Assert.Null((await world.UserAsync(user.UserId)).Ownership);
    }

    [Fact]
    public async Task An_app_that_the_row_no_longer_names_is_told_of_until_it_is_released_or_named_again()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        var (first, second) = (user.AppName, user.AppName + "-b");
        Assert.Empty((await world.UserAsync(user.UserId)).FormerApps);

        await Store.RenameAppAsync(world.Lease, user.UserId, first, second, default);
        await Store.RecordOwnershipAsync(world.Lease, second, user.UserId, "elsewhere", OwnershipOrigin.Created, default);
        Assert.Equal([first], (await world.UserAsync(user.UserId)).FormerApps);
        Assert.Equal("elsewhere", (await world.UserAsync(user.UserId)).Ownership!.OrgSlug);
        Assert.Equal(
            [(second, false), (first, true)],
            (await Store.ReadSummariesAsync(default)).Where(s => s.UserId == user.UserId).OrderBy(s => s.Former).Select(s => (s.AppName, s.Former)));

        await Store.RenameAppAsync(world.Lease, user.UserId, second, user.AppName + "-a \"quoted\"\n", default);
        Assert.Equal([first, second], (await world.UserAsync(user.UserId)).FormerApps);

        var other = await world.PayingUserAsync();
        await Store.RenameAppAsync(world.Lease, other.UserId, other.AppName, first, default);
        Assert.Equal([second], (await world.UserAsync(user.UserId)).FormerApps);

        await Store.ReleaseOwnershipAsync(world.Lease, second, default);
        Assert.Empty((await world.UserAsync(user.UserId)).FormerApps);
        Assert.DoesNotContain(await Store.ReadSummariesAsync(default), s => s.UserId == user.UserId && s.Former);
    }

    [Fact]
    public async Task A_user_reads_the_same_under_the_lease()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        await OpenAsync("launch-under-lease", user);
        var read = (await Store.ReadUserAsync(user.UserId, default))!;

        var proven = (await Store.ReadUserUnderLeaseAsync(world.Lease, user.UserId, default))!;

        Assert.Equal(read.Intents, proven.Intents);
        Assert.Equal(
            read with { ReadAt = default, Intents = [], FormerApps = [] },
            proven with { ReadAt = default, Intents = [], FormerApps = [] });
        Assert.Null(await Store.ReadUserUnderLeaseAsync(world.Lease, Guid.NewGuid(), default));
        await Store.CloseIntentAsync(world.Lease, "launch-under-lease", default);
    }

    [Fact]
    public async Task Pending_users_are_those_with_a_new_generation_or_a_retry_due()
    {
        var fresh = await world.PayingUserAsync();
        var due = await world.PayingUserAsync();
        var later = await world.PayingUserAsync();
        var both = await world.PayingUserAsync();
        var now = await world.NowAsync();
        await world.WriteAsync(
            Writes.Of(due) with { NextAttemptAt = now.AddMinutes(-1) },
            Writes.Of(later) with { NextAttemptAt = now.AddHours(1) },
            Writes.Of(both) with { NextAttemptAt = now.AddMinutes(-1) });
        await world.ForceAsync(both.UserId);

        var pending = await Store.ReadPendingAsync(default);

        Assert.Contains(new PendingUser(fresh.UserId, PendingReason.NewGeneration), pending);
        Assert.Contains(new PendingUser(due.UserId, PendingReason.RetryDue), pending);
        Assert.Single(pending, user => user == new PendingUser(both.UserId, PendingReason.NewGeneration));
        Assert.DoesNotContain(pending, user => user.UserId == later.UserId);
        Assert.Equal(pending.OrderBy(static user => user.UserId), pending);

        await world.PassAsync(TimeSpan.FromHours(2));
        Assert.Contains(new PendingUser(later.UserId, PendingReason.RetryDue), await Store.ReadPendingAsync(default));
    }

    [Fact]
    public async Task A_row_that_is_buried_with_a_new_generation_is_pending_too()
    {
        var user = await world.PayingUserAsync();
        await world.WriteAsync(Writes.Of(user) with { Status = "deleted", DeletedAt = await world.NowAsync() });

        await world.ForceAsync(user.UserId);

        Assert.Contains(new PendingUser(user.UserId, PendingReason.NewGeneration), await Store.ReadPendingAsync(default));
    }

    [Fact]
    public async Task The_census_counts_users_to_run_apps_owned_and_rows()
    {
        var before = await Store.ReadCensusAsync(default);
        var user = await world.PayingUserAsync();
        await world.CreateUserAsync();
        await world.CreateUserAsync("pro", "cancelled");
        await world.OwnAsync(user);
        var other = await world.PayingUserAsync();
        await world.OwnAsync(other);
        await Store.ReleaseOwnershipAsync(world.Lease, other.AppName, default);
        await world.MoveSubscriptionAsync(other.UserId, null);

        Assert.Equal(
            new Census(before.Entitled + 1, before.OwnedLive + 1, before.Rows + 2), await Store.ReadCensusAsync(default));
    }

    [Fact]
    public async Task Users_are_found_by_id_in_any_spelling_and_by_app_name()
    {
        var user = await world.PayingUserAsync();
        var upper = user.UserId.ToString("B").ToUpperInvariant();

        var found = await Store.FindUsersAsync([upper, user.AppName, "unknown", Guid.NewGuid().ToString(), "nul\0"], default);

        Assert.Equal(new Dictionary<string, Guid> { [upper] = user.UserId, [user.AppName] = user.UserId }, found);
    }

    [Fact]
    public async Task Users_are_found_by_what_we_own_and_by_what_was_about_to_be_made()
    {
        var user = await world.PayingUserAsync();
        await Store.RecordOwnershipAsync(world.Lease, "find-owned", user.UserId, "vyx", OwnershipOrigin.Adopted, default);
        await Store.RecordOwnershipAsync(world.Lease, "find-released", user.UserId, "vyx", OwnershipOrigin.Adopted, default);
        await Store.ReleaseOwnershipAsync(world.Lease, "find-released", default);
        await OpenAsync("find-launch", user with { AppName = "find-intended" });

        var found = await Store.FindUsersAsync(["find-owned", "find-released", "find-intended"], default);

        Assert.Equal(new Dictionary<string, Guid> { ["find-owned"] = user.UserId, ["find-intended"] = user.UserId }, found);
    }

    [Fact]
    public async Task A_user_whose_account_was_deleted_is_still_known_through_our_own_record()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        Assert.True(await Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, "m1", default));

        await world.DeleteUserAsync(user.UserId);

        var vanished = await world.UserAsync(user.UserId);
        Assert.Equal(
            (null, "free", user.AppName, "vyx", "m1"),
            (vanished.RowId, vanished.Tier, vanished.AppName, vanished.OrgSlug, vanished.MachineId));
        Assert.Equal(("deprovisioning", null, "", "", 0L), (vanished.Status, vanished.HealthStatus, vanished.Region, vanished.DockerImage, vanished.Generation));
        Assert.Equal(OwnershipOrigin.Created, vanished.Ownership!.Origin);
        Assert.Equal(
            new AppSummary(user.UserId, user.AppName, "free", Run: false, Live: true, Settled: false, "m1", 0),
            await world.SummaryAsync(user.UserId));
        Assert.Equal(user.UserId, (await Store.FindUsersAsync([user.AppName], default))[user.AppName]);
        Assert.Contains(await Store.ReadAllUsersAsync(default), other => other.UserId == user.UserId);

        await Store.ReleaseOwnershipAsync(world.Lease, user.AppName, default);
        Assert.Null(await Store.ReadUserAsync(user.UserId, default));
    }

    [Fact]
    public async Task Of_several_apps_of_a_vanished_user_the_newest_record_speaks()
    {
        var user = await world.PayingUserAsync();
        foreach (var name in new[] { "vanished-2", "vanished-1", "vanished-3" })
            await Store.RecordOwnershipAsync(world.Lease, name, user.UserId, "vyx", OwnershipOrigin.Created, default);
        await world.DeleteUserAsync(user.UserId);

        var newest = await world.UserAsync(user.UserId);
        await Store.ReleaseOwnershipAsync(world.Lease, "vanished-3", default);
        var next = await world.UserAsync(user.UserId);

        Assert.Equal(("vanished-3", "vanished-1"), (newest.AppName, next.AppName));
        Assert.Equal("vanished-1", (await world.SummaryAsync(user.UserId)).AppName);
    }

    [Fact]
    public async Task An_intent_alone_keeps_a_vanished_user_known()
    {
        var user = await world.PayingUserAsync();
        await OpenAsync("launch-v", user);
        var newer = (await world.UserAsync(user.UserId)).Intents[0];
        await Store.OpenIntentAsync(
            world.Lease, newer with { LaunchId = "launch-w", AppName = user.AppName + "-w" }, default);

        await world.DeleteUserAsync(user.UserId);

        var vanished = await world.UserAsync(user.UserId);
        Assert.Equal((null, user.AppName + "-w", null, "vyx"), (vanished.RowId, vanished.AppName, vanished.Ownership, vanished.OrgSlug));
        Assert.Equal(["launch-v", "launch-w"], vanished.Intents.Select(static intent => intent.LaunchId));
        Assert.Equal(
            new AppSummary(user.UserId, user.AppName + "-w", "free", Run: false, Live: true, Settled: false, null, 0),
            await world.SummaryAsync(user.UserId));
    }

    [Fact]
    public async Task Users_to_run_without_a_row_are_named_until_they_have_one()
    {
        await world.EnableTriggerAsync(false);
        var elite = await world.CreateUserAsync("elite");
        var expired = await world.CreateUserAsync("pro", expiresAt: (await world.NowAsync()).AddDays(-1));
        await world.EnableTriggerAsync(true);

        var rowless = await Store.ReadRowlessUsersAsync(default);

        Assert.Contains(new RowlessUser(elite, "elite"), rowless);
        Assert.DoesNotContain(rowless, user => user.UserId == expired);
        await world.SetTierAsync(elite, "pro");
        Assert.DoesNotContain(await Store.ReadRowlessUsersAsync(default), user => user.UserId == elite);
    }

    [Fact]
    public async Task A_user_of_whom_nothing_is_known_is_null() => Assert.Null(await Store.ReadUserAsync(Guid.NewGuid(), default));

    [Fact]
    public async Task A_cancelled_call_is_cancelled()
    {
        var cancelled = new CancellationToken(canceled: true);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.ReadSummariesAsync(cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Store.WriteFleetStateAsync(world.Lease, "cancelled", "{}", cancelled));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => world.Leases.ReadAsync("leader", cancelled));
    }

    private async Task<CreateIntent> OpenAsync(string launchId, UserApp user)
    {
        var intent = new CreateIntent(
            launchId, "machine", user.AppName, user.UserId, "main");
        await Store.OpenIntentAsync(world.Lease, intent, default);
        return intent;
    }
}
