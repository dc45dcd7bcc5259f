namespace Store.Tests;

/// <summary>The console's reads and wishes, as the daemon's role.</summary>
public sealed class ConsoleStoreTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private IConsoleStore Rows => fixture.Stores.Console;

    [Fact]
    public async Task A_row_comes_with_its_ready_condition()
    {
        var user = await fixture.PayingUserAsync();
        await fixture.Database.ExecuteAsync(
            """
            update public.user_fly_apps
               set conditions = '[{"type":"Healthy","status":"True"},{"type":"Ready","status":"False","reason":"FlyCapacity","message":"no room",
                   "lastTransitionTime":"2026-03-01T12:00:00+00:00"},{"type":"Degraded","status":"True","lastTransitionTime":"soon"}]',
                   observed_generation = generation, retry_count = 2
             where user_id = $1
            """,
            user.UserId);

        var row = await RowAsync(user.UserId);

        Assert.Equal(("pro", true, true, false), (row.Tier, row.Live, row.Observed, row.Paused));
        Assert.Equal(("False", "FlyCapacity", "no room", 2), (row.Ready, row.Reason, row.Message, row.Retries));
        Assert.Equal(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero), row.ReadySince);
        Assert.True(row.Degraded);
        Assert.Null(row.DegradedSince);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("[1, \"Ready\", null, {\"type\":\"Ready\"}, [[]]]")]
    [InlineData("{\"type\":\"Ready\",\"status\":[1]}")]
    public async Task Conditions_that_somebody_edited_do_not_hide_the_fleet(string conditions)
    {
        var user = await fixture.PayingUserAsync();
        await fixture.Database.ExecuteAsync("update public.user_fly_apps set conditions = $2::jsonb where user_id = $1", user.UserId, conditions);

        Assert.NotEqual("True", (await RowAsync(user.UserId)).Ready);
    }

    [Fact]
    public async Task A_pause_is_written_with_its_journal_line_and_ended_again()
    {
        var user = await fixture.PayingUserAsync();
        var action = new OperatorAction(default, "pause", user.UserId, "Nora", "looking\0", "");

        Assert.True(await Rows.PauseAsync(action, DateTime.UtcNow.AddHours(1), default));
        var paused = await RowAsync(user.UserId);
        Assert.True(await Rows.UnpauseAsync(action with { Action = "unpause", Reason = "done" }, default));
        var unpaused = await RowAsync(user.UserId);
        var journal = await Rows.ReadActionsAsync(user.UserId, 10, default);

        Assert.Equal((true, "Nora", false), (paused.Paused, paused.PauseOwner, unpaused.Paused));
        Assert.InRange(paused.PausedUntil!.Value, DateTime.UtcNow.AddMinutes(55), DateTime.UtcNow.AddMinutes(65));
        Assert.Equal(["unpause done", "pause looking\uFFFD"], journal.Select(a => $"{a.Action} {a.Reason}"));
        Assert.All(journal, a => Assert.InRange(a.At, DateTime.UtcNow.AddMinutes(-5), DateTime.UtcNow.AddMinutes(5)));
    }

    [Fact]
    public async Task A_pause_of_nobody_is_not_recorded()
    {
        var nobody = new OperatorAction(default, "pause", Guid.NewGuid(), "Nora", "why", "");

        Assert.False(await Rows.PauseAsync(nobody, null, default));
        Assert.False(await Rows.UnpauseAsync(nobody, default));
        Assert.Empty(await Rows.ReadActionsAsync(nobody.UserId, 10, default));
    }

    [Fact]
    public async Task A_pause_without_an_end_reads_as_one()
    {
        var user = await fixture.PayingUserAsync();
        await Rows.PauseAsync(new OperatorAction(default, "pause", user.UserId, "Nora", "why", ""), null, default);
        Assert.Null((await RowAsync(user.UserId)).PausedUntil);

        await fixture.Database.ExecuteAsync("update public.user_fly_apps set paused_until = 'infinity' where user_id = $1", user.UserId);
        Assert.True((await RowAsync(user.UserId)).Paused);
    }

    [Fact]
    public async Task Events_come_newest_first_of_the_kind_that_was_asked_for()
    {
        var user = await fixture.PayingUserAsync();
        foreach (var (type, minute) in new[] { ("provision_started", 1), ("health_check_failed", 2), ("health_check_passed", 3) })
        {
            await fixture.Database.ExecuteAsync(
                """
                insert into public.user_fly_app_events (fly_app_id, user_id, event_type, status, created_at)
                values ($1, $2, $3, 'active', '2026-03-01T12:00:00Z'::timestamptz + $4 * interval '1 minute')
                """,
                user.RowId!.Value, user.UserId, type, minute);
        }

        var all = await Rows.ReadEventsAsync(user.UserId, "", 10, default);
        var health = await Rows.ReadEventsAsync(user.UserId, "health_check_", 1, default);

        Assert.Equal(["health_check_passed", "health_check_failed", "provision_started"], all.Select(e => e.Type));
        Assert.Equal(["health_check_passed"], health.Select(e => e.Type));
        Assert.Empty(await Rows.ReadEventsAsync(Guid.NewGuid(), "", 10, default));
    }

    [Fact]
    public async Task A_user_whose_row_vanished_is_still_in_the_picture()
    {
        var user = await fixture.PayingUserAsync();
        await fixture.Store.RecordOwnershipAsync(fixture.Lease, user.AppName, user.UserId, "vyx", OwnershipOrigin.Created, default);
        await fixture.Data.DeleteUserAsync(user.UserId);

        var row = await RowAsync(user.UserId);

        Assert.Equal((user.AppName, "free", true), (row.AppName, row.Tier, row.Live));
    }

    private async Task<FleetRow> RowAsync(Guid user) => (await Rows.ReadFleetAsync(default)).Single(r => r.UserId == user);
}
