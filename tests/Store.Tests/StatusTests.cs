using CsCheck;
using Npgsql;

namespace Store.Tests;

public sealed class StatusTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    private static readonly DateTime Noon = new(2026, 1, 2, 12, 0, 0, DateTimeKind.Utc);

    [Fact]
    public async Task Every_field_of_a_status_is_read_back()
    {
        var user = await fixture.PayingUserAsync();
        var write = Writes.Of(user) with
        {
            Status = "error", HealthStatus = "unhealthy", Region = "ams", DockerImage = "image:2", CpuCount = 8, MemoryMb = 4096,
            DeployedAt = Noon, LastHealthCheck = Noon.AddTicks(10), ErrorMessage = "no capacity", RetryCount = 7, MonthlyCostUsd = 12.345m,
            Conditions = """[{"type":"Ready","status":"False"}]""", ControllerState = """{"stopped":1}""", Fingerprint = long.MinValue,
            NextAttemptAt = Noon.AddHours(1), LastErrorClass = "capacity",
        };

        Assert.Equal([user.UserId], await fixture.Store.WriteStatusesAsync(fixture.Lease, [write], default));

        var read = await fixture.UserAsync(user.UserId);
        Assert.Equal(
            write with { MonthlyCostUsd = 12.35m, Conditions = read.Conditions, ControllerState = read.ControllerState },
            Writes.Of(read) with { Events = write.Events });
        Assert.Equal(("""[{"type": "Ready", "status": "False"}]""", """{"stopped": 1}"""), (read.Conditions, read.ControllerState));
        Assert.Equal(user.Generation, read.ObservedGeneration);
    }

    [Fact]
    public async Task A_status_that_says_the_same_leaves_the_row_untouched()
    {
        var user = await fixture.PayingUserAsync();
        var write = Writes.Of(user) with
        {
            Status = "active", MonthlyCostUsd = 5.001m, DeployedAt = Noon.AddTicks(7), LastHealthCheck = Noon,
            Conditions = """[{"b":1,"a":2}]""",
        };
        await fixture.Store.WriteStatusesAsync(fixture.Lease, [write], default);
        var before = await VersionAsync(user.UserId);

        Assert.Empty(await fixture.Store.WriteStatusesAsync(fixture.Lease, [write with { Conditions = """[{"a":2, "b":1}]""" }], default));

        Assert.Equal(before, await VersionAsync(user.UserId));
    }

    [Fact]
    public async Task Of_many_only_the_changed_rows_are_written()
    {
        var users = new List<UserApp>();
        for (var i = 0; i < 5; i++)
            users.Add(await fixture.PayingUserAsync());
        await fixture.Store.WriteStatusesAsync(fixture.Lease, [.. users.Select(Writes.Of)], default);
        var unchanged = await VersionAsync(users[0].UserId);

        var changed = await fixture.Store.WriteStatusesAsync(
            fixture.Lease, [.. users.Select((user, i) => Writes.Of(user) with { RetryCount = i == 3 ? 1 : 0 })], default);

        Assert.Equal([users[3].UserId], changed);
        Assert.Equal(unchanged, await VersionAsync(users[0].UserId));
    }

    [Fact]
    public async Task Nothing_to_write_is_no_call_and_two_statuses_of_a_user_are_a_mistake()
    {
        var write = Writes.Of(await fixture.PayingUserAsync());

        Assert.Empty(await fixture.Store.WriteStatusesAsync(fixture.Lease, [], default));
        await Assert.ThrowsAsync<ArgumentException>(() => fixture.Store.WriteStatusesAsync(fixture.Lease, [write, write], default));
    }

    [Fact]
    public async Task Events_keep_their_order_and_hang_on_the_row()
    {
        var user = await fixture.PayingUserAsync();
        string[] types = ["provision_started", "provision_completed", "health_check_passed"];

        await fixture.Store.WriteStatusesAsync(
            fixture.Lease, [Writes.Of(user) with { Events = [.. types.Select(static type => Writes.Event(type))] }], default);

        Assert.Equal(types, await fixture.Database.ListAsync<string>(
            "select event_type from public.user_fly_app_events where fly_app_id = $1 order by created_at", user.RowId!));
    }

    [Fact]
    public async Task A_burial_loses_against_a_reactivation_and_nothing_of_it_is_written()
    {
        var user = await fixture.PayingUserAsync();
        await fixture.Data.SetTierAsync(user.UserId, "free");
        var seen = await fixture.UserAsync(user.UserId);
        await fixture.Data.SetTierAsync(user.UserId, "pro");

        var changed = await fixture.Store.WriteStatusesAsync(
            fixture.Lease, [Writes.Of(seen) with { Status = "deleted", DeletedAt = Noon }], default);

        var read = await fixture.UserAsync(user.UserId);
        Assert.Empty(changed);
        Assert.Equal((null, "provisioning", 0L), (read.DeletedAt, read.Status, read.ObservedGeneration));
    }

    [Fact]
    public async Task A_status_never_brings_a_buried_row_back()
    {
        var user = await fixture.PayingUserAsync();
        await fixture.Store.WriteStatusesAsync(fixture.Lease, [Writes.Of(user) with { Status = "deleted", DeletedAt = Noon }], default);

        await fixture.Store.WriteStatusesAsync(fixture.Lease, [Writes.Of(user) with { Status = "error", DeletedAt = null }], default);

        var read = await fixture.UserAsync(user.UserId);
        Assert.Equal((Noon, "error", user.Generation), (read.DeletedAt, read.Status, read.Generation));
    }

    [Fact]
    public async Task Desired_columns_and_the_election_stay_as_they_are()
    {
        var user = await fixture.PayingUserAsync();
        var write = Writes.Of(user) with { Status = "active" };
        await fixture.Database.ExecuteAsync(
            "update public.user_fly_apps set spec = '{\"region\":\"ams\"}', machine_id = 'm1', paused = true where user_id = $1",
            user.UserId);
        await fixture.Data.SetTierAsync(user.UserId, "elite");

        await fixture.Store.WriteStatusesAsync(fixture.Lease, [write], default);

        var read = await fixture.UserAsync(user.UserId);
        Assert.Equal(("elite", "m1", true, "active"), (read.Tier, read.MachineId, read.Paused, read.Status));
        Assert.Equal("""{"region": "ams"}""", read.Spec);
        Assert.Equal((user.Generation + 2, user.Generation), (read.Generation, read.ObservedGeneration));
    }

    [Fact]
    public async Task A_refused_value_names_its_check_and_does_not_hold_up_the_others()
    {
        var good = await fixture.PayingUserAsync();
        var bad = await fixture.PayingUserAsync();

        var error = await Assert.ThrowsAsync<StatusRejectedException>(() => fixture.Store.WriteStatusesAsync(
            fixture.Lease,
            [
                Writes.Of(bad) with { Status = "sleeping", ErrorMessage = "secret-value" },
                Writes.Of(good) with { Status = "active" },
            ], default));

        Assert.Equal([bad.UserId], error.Rejected.Keys);
        Assert.Equal([good.UserId], error.Written);
        Assert.Contains("user_fly_apps_status_check", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-value", error.ToString(), StringComparison.Ordinal);
        Assert.Equal("active", (await fixture.UserAsync(good.UserId)).Status);
    }

    [Fact]
    public async Task What_the_database_cannot_hold_is_replaced()
    {
        var user = await fixture.PayingUserAsync();
        var write = Writes.Of(user) with
        {
            ErrorMessage = "nul\0 lone\uD83D end",
            ControllerState = """{"a":"\u0000 \ud83d \\u0000 \ud83d\ude80"}""",
        };

        await fixture.Store.WriteStatusesAsync(fixture.Lease, [write], default);

        var read = await fixture.UserAsync(user.UserId);
        Assert.Equal("nul\uFFFD lone\uFFFD end", read.ErrorMessage);
        Assert.Equal("{\"a\": \"\uFFFD \uFFFD \\\\u0000 🚀\"}", read.ControllerState);
    }

    [Fact]
    public void Any_text_becomes_one_that_UTF_8_and_the_database_can_hold() => Gen.Char.Array.Select(static units => new string(units))
        .Sample(static text =>
        {
            var clean = PgText.Clean(text);
            var utf8 = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true);
            return !clean.Contains('\0') && utf8.GetString(utf8.GetBytes(clean)) == clean && clean.Length == text.Length;
        });

    [Fact]
    public async Task A_megabyte_survives_the_round_trip()
    {
        var user = await fixture.PayingUserAsync();
        var text = string.Concat(Enumerable.Repeat("0123456789abcdeé", 65536));

        await fixture.Store.WriteStatusesAsync(
            fixture.Lease,
            [Writes.Of(user) with { ErrorMessage = text, Events = [Writes.Event() with { ErrorDetails = text }] }], default);
        await fixture.Store.WriteFleetStateAsync(fixture.Lease, "big", $"\"{text}\"", default);

        Assert.Equal(text, (await fixture.UserAsync(user.UserId)).ErrorMessage);
        Assert.Equal($"\"{text}\"", await fixture.Store.ReadFleetStateAsync("big", default));
    }

    [Fact]
    public async Task A_user_deleted_between_look_and_write_fails_nobody()
    {
        var gone = await fixture.PayingUserAsync();
        var other = await fixture.PayingUserAsync();
        await fixture.Data.DeleteUserAsync(gone.UserId);

        var changed = await fixture.Store.WriteStatusesAsync(
            fixture.Lease,
            [
                Writes.Of(gone) with { Status = "error", Events = [Writes.Event("error_occurred")] },
                Writes.Of(other) with { Status = "active" },
            ], default);

        Assert.Equal([other.UserId], changed);
        Assert.Equal("error_occurred", await fixture.Database.ScalarAsync<string>(
            "select event_type from fly_reconciler.events where user_id = $1", gone.UserId));
    }

    private Task<string?> VersionAsync(Guid userId) => fixture.Database.ScalarAsync<string>(
        "select concat(xmin, ' ', ctid, ' ', updated_at) from public.user_fly_apps where user_id = $1", userId);
}
