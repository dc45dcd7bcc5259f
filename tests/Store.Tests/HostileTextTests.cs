using System.Text.Json;
using CsCheck;

namespace Store.Tests;

/// <summary>Every text parameter of the store on a real PostgreSQL: it comes back as it was, or is refused clearly.</summary>
public sealed class HostileTextTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    public static readonly string[] Storable =
    [
        "it's \"quoted\"; drop table fly_reconciler.fleet; --", "') on conflict do nothing; delete from fly_reconciler.ownership; --", "$1 @name :name ? {0} $$ $body$ E'\\n' \\",
        "line\r\nbreaks\tand\u0001controls\u001B[2J", "\u2028\u2029\u202E\u2066\uFEFF\uFFFE", "e\u0301\u0301 \u05D0\u0661 \U0001F680 \uE000", "%s%n%00 ${jndi:ldap://x} [bold]", " ", "null", "{}", "[",
        HostileText.Repeat("0123456789abcde\u00e9'", 64 * 1024),
    ];

    private static readonly string[] Unstorable = ["nul\0inside", "\0", "half\uD83D", "\uDC00half"];

    public static TheoryData<string> Texts() => [.. Storable];

    /// <summary>By number: the test runner cannot hand over half of a surrogate pair.</summary>
    public static TheoryData<int> Refused() => [.. Enumerable.Range(0, Unstorable.Length)];

    [Theory]
    [MemberData(nameof(Texts))]
    public async Task A_hostile_text_is_data_in_every_parameter_and_comes_back_unharmed(string text)
    {
        var store = fixture.Store;
        var lease = fixture.Lease;
        var user = await fixture.PayingUserAsync();
        var name = text.Length > 2_000 ? text[..2_000] : text; // an index entry has a page

        Assert.True(await store.RenameAppAsync(lease, user.UserId, user.AppName, name + "-a", default));
        await store.RecordOwnershipAsync(lease, name + "-a", user.UserId, text, OwnershipOrigin.Adopted, default);
        Assert.True(await store.ElectMachineAsync(lease, user.UserId, name + "-a", null, text, default));
        Assert.False(await store.ElectMachineAsync(lease, user.UserId, name + "-a", text + "x", "other", default));
        var launch = name + Guid.NewGuid();
        await store.OpenIntentAsync(lease, new CreateIntent(launch, "machine", name + "-a", user.UserId, text), default);
        var write = Writes.Of(user) with
        {
            AppName = name + "-a", Region = text, DockerImage = text, ErrorMessage = text, LastErrorClass = text,
            Conditions = JsonSerializer.Serialize(new[] { text }), ControllerState = JsonSerializer.Serialize(new { text }),
            Events = [new EventWrite("error_occurred", "error", JsonSerializer.Serialize(new { text }), text)],
        };
        await store.WriteStatusesAsync(lease, [write], default);

        var read = await fixture.UserAsync(user.UserId);
        Assert.Equal((name + "-a", text, text, text, text, text), (read.AppName, read.MachineId, read.Region, read.DockerImage, read.ErrorMessage, read.LastErrorClass));
        Assert.Equal(text, JsonSerializer.Deserialize<string[]>(read.Conditions)![0]);
        Assert.Equal(text, JsonDocument.Parse(read.ControllerState).RootElement.GetProperty("text").GetString());
        var intent = Assert.Single(read.Intents);
        Assert.Equal((launch, name + "-a", text), (intent.LaunchId, intent.AppName, intent.MachineName));
        Assert.Equal([text], await fixture.Database.ListAsync<string>(
            "select error_details from public.user_fly_app_events where fly_app_id = $1 and error_details = $2", user.RowId!, text));
        Assert.Equal(user.UserId, (await store.FindUsersAsync([name + "-a", text], default))[name + "-a"]);

        await store.CloseIntentAsync(lease, launch, default);
        await store.ReleaseOwnershipAsync(lease, name + "-a", default);
        Assert.Empty((await fixture.UserAsync(user.UserId)).Intents);
        await FleetStateAsync(name, text);
    }

    private async Task FleetStateAsync(string name, string text)
    {
        var (store, lease) = (fixture.Store, fixture.Lease);
        var json = JsonSerializer.Serialize(text);
        await store.WriteFleetStateAsync(lease, name, json, default);
        Assert.Equal(text, JsonSerializer.Deserialize<string>((await store.ReadFleetStateAsync(name, default))!));
        Assert.Equal(text, JsonSerializer.Deserialize<string>(await store.GetOrCreateFleetStateAsync(name + "-2", json, default)));
        Assert.True((await store.TryDrawDestroyAsync(lease, name, 1_000, default)).Granted);

        var held = await fixture.Stores.Leases.TryAcquireAsync(name, text + "h", TimeSpan.FromMinutes(1), default);
        Assert.Equal((name, text + "h"), ((await fixture.Stores.Leases.ReadAsync(name, default))!.Name, held.Token!.Holder));
        Assert.True(await fixture.Stores.Leases.RenewAsync(held.Token, TimeSpan.FromMinutes(1), default));
        await fixture.Stores.Leases.ReleaseAsync(held.Token, default);

        var defaults = StoreFixture.Defaults with { OrgSlug = text, Region = text, DockerImage = text };
        await store.WriteDefaultsAsync(lease, defaults, default);
        Assert.Equal(text, await fixture.Database.ScalarAsync<string>("select docker_image from fly_reconciler.row_defaults"));
        await store.WriteDefaultsAsync(lease, StoreFixture.Defaults, default);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task What_PostgreSQL_cannot_store_is_refused_clearly_and_the_connection_lives_on(int number)
    {
        var text = Unstorable[number];
        var (store, lease) = (fixture.Store, fixture.Lease);
        var user = await fixture.PayingUserAsync();
        var calls = new Func<Task>[]
        {
            () => store.RenameAppAsync(lease, user.UserId, user.AppName, text, default),
            () => store.RecordOwnershipAsync(lease, text, user.UserId, "org", OwnershipOrigin.Created, default),
            () => store.ReleaseOwnershipAsync(lease, text, default),
            () => store.ElectMachineAsync(lease, user.UserId, user.AppName, null, text, default),
            () => store.OpenIntentAsync(lease, new CreateIntent(text, "app", "a", user.UserId, null), default),
            () => store.CloseIntentAsync(lease, text, default),
            () => store.ReadFleetStateAsync(text, default),
            () => store.WriteFleetStateAsync(lease, text, "{}", default),
            () => store.TryDrawDestroyAsync(lease, text, 10, default),
            () => store.WriteDefaultsAsync(lease, StoreFixture.Defaults with { Region = text }, default),
            () => fixture.Stores.Leases.TryAcquireAsync("x", text, TimeSpan.FromMinutes(1), default),
        };
        foreach (var call in calls)
        {
            var refusal = await Assert.ThrowsAsync<ArgumentException>(call);
            Assert.Contains("PostgreSQL cannot store", refusal.Message, StringComparison.Ordinal);
            HostileText.AssertHarmless(refusal.Message);
        }

        Assert.Empty(await store.FindUsersAsync([text], default));
        Assert.Equal((user.AppName, null), ((await fixture.UserAsync(user.UserId)).AppName, (await fixture.UserAsync(user.UserId)).MachineId));
    }

    [Fact]
    public async Task A_text_that_cannot_be_stored_does_not_hold_up_the_batch_of_other_users()
    {
        var users = new List<UserApp>();
        for (var i = 0; i < 4; i++)
            users.Add(await fixture.PayingUserAsync());
        var bad = Unstorable.Select((text, i) => Writes.Of(users[i]) with
        {
            Status = "active", ErrorMessage = text, Region = text, Conditions = JsonSerializer.Serialize(new[] { text }).Replace("\\uFFFD", "\\ud800", StringComparison.Ordinal),
            Events = [new EventWrite("error_occurred", "error", "{\"a\":\"\\u0000\"}", text)],
        });

        Assert.Equal(4, (await fixture.Store.WriteStatusesAsync(fixture.Lease, [.. bad], default)).Count);

        foreach (var user in users)
            Assert.Contains("\uFFFD", (await fixture.UserAsync(user.UserId)).ErrorMessage, StringComparison.Ordinal);
    }

    /// <summary>Broken JSON is refused by jsonb: only that user's status is lost, and the reason is fit for a log.</summary>
    [Fact]
    public async Task A_broken_document_is_one_users_refusal()
    {
        var (good, bad) = (await fixture.PayingUserAsync(), await fixture.PayingUserAsync());

        var refusal = await Assert.ThrowsAsync<StatusRejectedException>(() => fixture.Store.WriteStatusesAsync(
            fixture.Lease, [Writes.Of(bad) with { ControllerState = "{\n\u202E" }, Writes.Of(good) with { Status = "active" }], default));

        Assert.Equal([bad.UserId], refusal.Rejected.Keys);
        Assert.Equal("active", (await fixture.UserAsync(good.UserId)).Status);
        HostileText.AssertHarmless(refusal.Message);
    }

    [Fact]
    public async Task Any_text_of_a_status_is_stored_and_read_back_but_for_what_no_database_holds()
    {
        var user = await fixture.PayingUserAsync();
        Gen.Select(HostileText.Any, HostileJson.TextOf("""{"a":"b","c":[1,{"d":null}]}""")).Hold(150, (text, json) =>
        {
            var write = Writes.Of(user) with { ErrorMessage = text, Events = [new EventWrite("error_occurred", "error", "{}", text)] };
            fixture.Store.WriteStatusesAsync(fixture.Lease, [write], default).GetAwaiter().GetResult();

            Assert.Equal(PgText.Clean(text), fixture.UserAsync(user.UserId).GetAwaiter().GetResult().ErrorMessage);
            try
            {
                fixture.Store.WriteStatusesAsync(fixture.Lease, [write with { ControllerState = json }], default).GetAwaiter().GetResult();
            }
            catch (StatusRejectedException refusal)
            {
                HostileText.AssertHarmless(refusal.Message);
            }
        });
    }
}
