namespace Store.Tests.Contract;

public sealed class StatusesOnPostgres(PostgresWorld world) : StatusContract<PostgresWorld>(world);

public sealed class StatusesOnModel(ModelWorld world) : StatusContract<ModelWorld>(world);

/// <summary>What a status write changes, skips and refuses.</summary>
public abstract class StatusContract<TWorld>(TWorld world) : IClassFixture<TWorld>
    where TWorld : World
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Every_field_of_a_status_is_read_back()
    {
        var user = await world.PayingUserAsync();
        var write = Writes.Of(user) with
        {
            Status = "error", HealthStatus = "unhealthy", Region = "ams", DockerImage = "image:2", CpuCount = 8, MemoryMb = 4096,
            DeployedAt = Noon, LastHealthCheck = Noon.AddTicks(10), ErrorMessage = "no capacity", RetryCount = 7, MonthlyCostUsd = 12.345m,
            Conditions = """[{"type":"Ready","status":"False"}]""", ControllerState = """{"stopped":1}""", Fingerprint = long.MinValue,
            NextAttemptAt = Noon.AddHours(1), LastErrorClass = "capacity",
        };

        Assert.Equal([user.UserId], await world.WriteAsync(write));

        var read = await world.UserAsync(user.UserId);
        Assert.Equal(
            write with { MonthlyCostUsd = 12.35m, Conditions = read.Conditions, ControllerState = read.ControllerState },
            Writes.Of(read) with { Events = write.Events });
        Assert.Equal(("""[{"type": "Ready", "status": "False"}]""", """{"stopped": 1}"""), (read.Conditions, read.ControllerState));
        Assert.Equal(user.Generation, read.ObservedGeneration);
    }

    [Fact]
    public async Task A_status_that_says_the_same_leaves_the_row_untouched()
    {
        var user = await world.PayingUserAsync();
        var write = Writes.Of(user) with
        {
            Status = "active", MonthlyCostUsd = 5.001m, DeployedAt = Noon.AddTicks(7), LastHealthCheck = Noon,
            Conditions = """[{"b":1.0,"a":2}]""",
        };
        await world.WriteAsync(write);
        var before = await world.RowVersionAsync(user.UserId);

        Assert.Empty(await world.WriteAsync(write with { Conditions = """[{"a":2.0, "b":1}]""", MonthlyCostUsd = 5.004m }));

        Assert.Equal(before, await world.RowVersionAsync(user.UserId));
    }

    [Theory]
    [InlineData("""{"b":1,"aa":2,"a":3}""", """{"a": 3, "b": 1, "aa": 2}""")]
    [InlineData("""{"a":1,"a":2}""", """{"a": 2}""")]
    [InlineData(" [ ] ", "[]")]
    [InlineData("""{"a":{},"b":[1,[2,{"c":null}]],"d":true}""", """{"a": {}, "b": [1, [2, {"c": null}]], "d": true}""")]
    [InlineData("""{"n":[1e2,1.50,-0,-0.0,1.5e-2,1.25E1,10,0.0010,-3e0]}""", """{"n": [100, 1.50, 0, 0.0, 0.015, 12.5, 10, 0.0010, -3]}""")]
    [InlineData("""{"s":"\/ \u00e9 \ud83d\ude80 \t\b\f\r\n \u0001 \u007f \" \\"}""", """{"s": "/ é 🚀 \t\b\f\r\n \u0001 """ + "\u007f" + """ \" \\"}""")]
    [InlineData("""{"é":1,"zz":2,"z":3}""", """{"z": 3, "zz": 2, "é": 1}""")]
    [InlineData("7", "7")]
    public async Task A_document_is_kept_as_the_value_it_is(string written, string stored)
    {
        var user = await world.PayingUserAsync();

        await world.WriteAsync(Writes.Of(user) with { ControllerState = written });

        Assert.Equal(stored, (await world.UserAsync(user.UserId)).ControllerState);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task An_equal_document_is_spelled_anew_with_whatever_else_is_written(bool hasRow)
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        if (!hasRow)
            await world.DeleteUserAsync(user.UserId); // its status goes into our own record
        var write = Writes.Of(await world.UserAsync(user.UserId)) with { ControllerState = """{"a": 1.00}""" };
        await world.WriteAsync(write);
        var (same, other) = (write with { ControllerState = """{"a": 1}""" }, write with { ControllerState = """{"a": 1}""", RetryCount = 1 });

        Assert.Empty(await world.WriteAsync(same));
        Assert.Equal([user.UserId], await world.WriteAsync(other));

        Assert.Equal("""{"a": 1}""", (await world.UserAsync(user.UserId)).ControllerState);
    }

    [Fact]
    public async Task Of_many_only_the_changed_rows_are_written()
    {
        var users = new List<UserApp>();
        for (var i = 0; i < 5; i++)
            users.Add(await world.PayingUserAsync());
        await world.WriteAsync([.. users.Select(Writes.Of)]);
        var unchanged = await world.RowVersionAsync(users[0].UserId);

        var changed = await world.WriteAsync([.. users.Select((user, i) => Writes.Of(user) with { RetryCount = i == 3 ? 1 : 0 })]);

        Assert.Equal([users[3].UserId], changed);
        Assert.Equal(unchanged, await world.RowVersionAsync(users[0].UserId));
    }

    [Fact]
    public async Task Nothing_to_write_is_no_call_and_two_statuses_of_a_user_are_a_mistake()
    {
        var write = Writes.Of(await world.PayingUserAsync());

        Assert.Empty(await world.Store.WriteStatusesAsync(world.Lease with { Epoch = -1 }, [], default));
        await Assert.ThrowsAsync<ArgumentException>(() => world.WriteAsync(write, write));
    }

    [Fact]
    public async Task Events_keep_their_order_and_hang_on_the_row()
    {
        var user = await world.PayingUserAsync();
        string[] types = ["provision_started", "provision_completed", "health_check_passed"];

        await world.WriteAsync(Writes.Of(user) with { Events = [.. types.Select(static type => Writes.Event(type))] });

        var events = await world.AppEventsAsync(user.RowId!.Value);
        Assert.Equal(types, events.Select(static line => line.Type));
        Assert.Equal(new SeenEvent("provision_started", "active", """{"reason": "Test"}""", null), events[0]);
    }

    [Fact]
    public async Task Events_are_written_even_where_the_status_says_the_same()
    {
        var user = await world.PayingUserAsync();
        await world.SettleAsync(user);

        Assert.Empty(await world.WriteAsync(Writes.Of(user) with { Events = [Writes.Event("recovery_attempted")] }));

        Assert.Equal(["recovery_attempted"], (await world.AppEventsAsync(user.RowId!.Value)).Select(static line => line.Type));
    }

    [Fact]
    public async Task A_burial_loses_against_a_reactivation_and_only_its_events_are_written()
    {
        var user = await world.PayingUserAsync();
        await world.SetTierAsync(user.UserId, "free");
        var seen = await world.UserAsync(user.UserId);
        await world.SetTierAsync(user.UserId, "pro");

        var changed = await world.WriteAsync(
            Writes.Of(seen) with { Status = "deleted", DeletedAt = Noon, Events = [Writes.Event("deprovision_completed")] });

        var read = await world.UserAsync(user.UserId);
        Assert.Empty(changed);
        Assert.Equal((null, "provisioning", 0L), (read.DeletedAt, read.Status, read.ObservedGeneration));
        Assert.Single(await world.AppEventsAsync(user.RowId!.Value));
    }

    [Fact]
    public async Task A_row_that_is_buried_already_takes_a_status_whatever_its_generation()
    {
        var user = await world.PayingUserAsync();
        await world.WriteAsync(Writes.Of(user) with { Status = "deleted", DeletedAt = Noon });
        await world.ForceAsync(user.UserId);

        Assert.Single(await world.WriteAsync(Writes.Of(user) with { Status = "deleted", DeletedAt = Noon.AddDays(1) }));

        var read = await world.UserAsync(user.UserId);
        Assert.Equal((Noon.AddDays(1), user.Generation, user.Generation + 1), (read.DeletedAt, read.ObservedGeneration, read.Generation));
    }

    [Fact]
    public async Task A_status_from_before_a_burial_neither_brings_the_row_back_nor_speaks_over_it()
    {
        var user = await world.PayingUserAsync();
        await world.WriteAsync(Writes.Of(user) with { Status = "deleted", DeletedAt = Noon });

        Assert.Empty(await world.WriteAsync(Writes.Of(user) with { Status = "error", DeletedAt = null, Events = [Writes.Event("recovery_attempted")] }));

        var read = await world.UserAsync(user.UserId);
        Assert.Equal((Noon, "deleted", user.Generation), (read.DeletedAt, read.Status, read.Generation));
        Assert.Single(await world.AppEventsAsync(user.RowId!.Value));
    }

    [Fact]
    public async Task The_observed_generation_never_goes_back()
    {
        var user = await world.PayingUserAsync();
        await world.ForceAsync(user.UserId);
        await world.SettleAsync(await world.UserAsync(user.UserId));

        Assert.Empty(await world.WriteAsync(Writes.Of(user) with { ObservedGeneration = 0 }));

        Assert.Equal(user.Generation + 1, (await world.UserAsync(user.UserId)).ObservedGeneration);
    }

    [Fact]
    public async Task Desired_columns_and_the_election_stay_as_they_are()
    {
        var user = await world.PayingUserAsync();
        var write = Writes.Of(user) with { Status = "active" };
        await world.SetSpecAsync(user.UserId, """{"region":"ams"}""");
        await world.EditRowAsync(user.UserId, "machine_id", "m1");
        await world.PauseAsync(user.UserId, "me", "why");
        await world.SetTierAsync(user.UserId, "elite");

        await world.WriteAsync(write);

        var read = await world.UserAsync(user.UserId);
        Assert.Equal(("elite", "m1", true, "active"), (read.Tier, read.MachineId, read.Paused, read.Status));
        Assert.Equal("""{"region": "ams"}""", read.Spec);
        Assert.Equal((user.Generation + 3, user.Generation), (read.Generation, read.ObservedGeneration));
    }

    [Fact]
    public async Task A_status_for_another_row_of_the_user_changes_nothing_and_its_events_go_to_the_journal()
    {
        var user = await world.PayingUserAsync();

        Assert.Empty(await world.WriteAsync(
            Writes.Of(user) with { RowId = Guid.NewGuid(), Status = "error", Events = [Writes.Event("error_occurred")] }));

        Assert.Equal("provisioning", (await world.UserAsync(user.UserId)).Status);
        Assert.Equal(["error_occurred"], (await world.JournalAsync(user.UserId)).Select(static line => line.Type));
    }

    [Theory]
    [InlineData("status", "user_fly_apps_status_check")]
    [InlineData("health", "user_fly_apps_health_status_check")]
    [InlineData("both", "user_fly_apps_health_status_check")]
    [InlineData("event", "user_fly_app_events_event_type_check")]
    [InlineData("cost", "22003")]
    [InlineData("conditions", "22P02")]
    [InlineData("state", "22P02")]
    [InlineData("metadata", "22P02")]
    public async Task A_refused_value_names_its_check_and_does_not_hold_up_the_others(string what, string reason)
    {
        var good = await world.PayingUserAsync();
        var bad = await world.PayingUserAsync();
        var fine = Writes.Of(bad) with { Status = "active", ErrorMessage = "secret-value", Events = [Writes.Event()] };
        var wrong = what switch
        {
            "status" => fine with { Status = "sleeping" },
            "health" => fine with { HealthStatus = "well" },
            "both" => fine with { Status = "sleeping", HealthStatus = "well" },
            "event" => fine with { Events = [Writes.Event(), Writes.Event("slept")] },
            "cost" => fine with { MonthlyCostUsd = 99_999_999.995m },
            "conditions" => fine with { Conditions = "[secret-value" },
            "state" => fine with { ControllerState = "" },
            _ => fine with { Events = [Writes.Event() with { Metadata = "{'a':1}" }] },
        };

        var error = await Assert.ThrowsAsync<StatusRejectedException>(() =>
            world.WriteAsync(wrong, Writes.Of(good) with { Status = "active", Events = [Writes.Event()] }));

        Assert.Equal([bad.UserId], error.Rejected.Keys);
        Assert.Equal([good.UserId], error.Written);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-value", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(("active", "provisioning"), ((await world.UserAsync(good.UserId)).Status, (await world.UserAsync(bad.UserId)).Status));
        Assert.Single(await world.AppEventsAsync(good.RowId!.Value));
        Assert.Empty(await world.AppEventsAsync(bad.RowId!.Value));
    }

    [Fact]
    public async Task An_event_of_an_unknown_kind_fits_into_our_own_journal()
    {
        var userId = Guid.NewGuid();
        await world.Store.RecordOwnershipAsync(world.Lease, $"app-{userId}", userId, "vyx", OwnershipOrigin.Created, default);

        await world.WriteAsync(Writes.Of(await world.UserAsync(userId)) with { Events = [Writes.Event("slept")] });

        Assert.Equal(["slept"], (await world.JournalAsync(userId)).Select(static line => line.Type));
    }

    [Fact]
    public async Task An_event_in_the_name_of_nobody_on_somebodys_row_is_a_passing_trouble()
    {
        var user = await world.PayingUserAsync();

        await Assert.ThrowsAsync<StoreUnavailableException>(() =>
            world.WriteAsync(Writes.Of(user) with { UserId = Guid.NewGuid(), Events = [Writes.Event()] }));

        Assert.Empty(await world.AppEventsAsync(user.RowId!.Value));
    }

    [Theory]
    [InlineData("it's \"quoted\"; drop table x; --")]
    [InlineData("line\r\nbreaks\tand\u0001controls")]
    [InlineData("ünï© 漢字 🚀 \u202Ertl")]
    [InlineData("$1 @name :name ? {0} $$ $body$ E'\\n' \\")]
    public async Task Hostile_text_is_kept_as_it_is(string text)
    {
        var user = await world.PayingUserAsync();

        await world.WriteAsync(Writes.Of(user) with { ErrorMessage = text, DockerImage = text, LastErrorClass = text });
        await world.Store.ElectMachineAsync(world.Lease, user.UserId, user.AppName, null, text, default);

        var read = await world.UserAsync(user.UserId);
        Assert.Equal((text, text, text, text), (read.ErrorMessage, read.DockerImage, read.LastErrorClass, read.MachineId));
    }

    [Fact]
    public async Task What_the_database_cannot_hold_is_replaced()
    {
        var user = await world.PayingUserAsync();
        var write = Writes.Of(user) with
        {
            ErrorMessage = "nul\0 lone\uD83D end",
            ControllerState = """{"a":"\u0000 \ud83d \\u0000 \ud83d\ude80"}""",
        };

        await world.WriteAsync(write);

        var read = await world.UserAsync(user.UserId);
        Assert.Equal("nul\uFFFD lone\uFFFD end", read.ErrorMessage);
        Assert.Equal("{\"a\": \"\uFFFD \uFFFD \\\\u0000 🚀\"}", read.ControllerState);
    }

    [Fact]
    public async Task A_megabyte_survives_the_round_trip()
    {
        var user = await world.PayingUserAsync();
        var text = string.Concat(Enumerable.Repeat("0123456789abcdeé", 65536));

        await world.WriteAsync(Writes.Of(user) with { ErrorMessage = text, Events = [Writes.Event() with { ErrorDetails = text }] });
        await world.Store.WriteFleetStateAsync(world.Lease, "big", $"\"{text}\"", default);

        Assert.Equal(text, (await world.UserAsync(user.UserId)).ErrorMessage);
        Assert.Equal($"\"{text}\"", await world.Store.ReadFleetStateAsync("big", default));
    }

    [Fact]
    public async Task A_user_deleted_between_look_and_write_fails_nobody()
    {
        var gone = await world.PayingUserAsync();
        var other = await world.PayingUserAsync();
        await world.DeleteUserAsync(gone.UserId);

        var changed = await world.WriteAsync(
            Writes.Of(gone) with { Status = "error", Events = [Writes.Event("error_occurred")] },
            Writes.Of(other) with { Status = "active" });

        Assert.Equal([other.UserId], changed);
        Assert.Equal(["error_occurred"], (await world.JournalAsync(gone.UserId)).Select(static line => line.Type));
    }

    [Fact]
    public async Task The_status_of_a_vanished_user_goes_into_our_own_record()
    {
        var user = await world.PayingUserAsync();
        await world.OwnAsync(user);
        await world.DeleteUserAsync(user.UserId);
        var write = Writes.Of(await world.UserAsync(user.UserId)) with
        {
            Status = "error", HealthStatus = "unhealthy", ErrorMessage = "still stopping", RetryCount = 2, ControllerState = """{"n":1}""",
            Conditions = "[1]", LastErrorClass = "x", NextAttemptAt = (await world.NowAsync()).AddMinutes(-1),
            Events = [Writes.Event("deprovision_started")],
        };

        Assert.Equal([user.UserId], await world.WriteAsync(write));
        Assert.Empty(await world.WriteAsync(write with { Events = [], Fingerprint = 9, Region = "ams" }));

        var written = await world.UserAsync(user.UserId);
        Assert.Equal(
            ("error", "unhealthy", "still stopping", 2, """{"n": 1}""", "[1]", "x"),
            (written.Status, written.HealthStatus, written.ErrorMessage, written.RetryCount, written.ControllerState, written.Conditions,
                written.LastErrorClass));
        Assert.Contains(new PendingUser(user.UserId, PendingReason.RetryDue), await world.Store.ReadPendingAsync(default));
        Assert.Equal(["deprovision_started"], (await world.JournalAsync(user.UserId)).Select(static line => line.Type));
        await world.Store.ReleaseOwnershipAsync(world.Lease, user.AppName, default);
        Assert.DoesNotContain(await world.Store.ReadPendingAsync(default), pending => pending.UserId == user.UserId);
    }

    [Fact]
    public async Task A_row_edited_by_hand_is_put_right_by_the_next_status()
    {
        var user = await world.PayingUserAsync();
        await world.SettleAsync(user);
        await world.EditRowAsync(user.UserId, "retry_count", null);
        await world.EditRowAsync(user.UserId, "region", "moon");
        Assert.Equal((0, "moon"), ((await world.UserAsync(user.UserId)).RetryCount, (await world.UserAsync(user.UserId)).Region));

        Assert.Equal([user.UserId], await world.WriteAsync(Writes.Of(user)));

        Assert.Equal("sin", (await world.UserAsync(user.UserId)).Region);
    }
}
