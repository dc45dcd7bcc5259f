namespace EndToEnd.Tests;

/// <summary>The way of docs/adopt.md from beginning to end, on the host's own tables and an estate as the old functions left it, and all the way back.</summary>
public sealed class AdoptionPathTests : WorldTest
{
    private const string OldImage = "registry.fly.io/vyx-app:deployment-00";
    private const string AdasApp = "vyx-user-35682909";
    private const string BensApp = "vyx-user-0000abcd";
    private const string CleosApp = "vyx-user-0000abce";
    private const string DansApp = "vyx-user-0000abcf";

    private Guid _ada;
    private Guid _ben;
    private Guid _cleo;
    private Guid _dan;
    private Guid _eve;

    protected override bool Migrated => false;

    [Fact]
    public async Task A_running_fleet_is_looked_at_taken_over_step_by_step_and_can_be_given_back_at_any_time()
    {
        await PlantEstateAsync();
        var before = World.Database.DumpSchema();
        var (unprepared, complaint) = await World.RunAsync("doctor");
        Assert.True(unprepared != 0, complaint.Text);

        await AsOwnerAsync("migrate", "--keep-old-trigger");
        Assert.Equal(("O", "D"), (await TriggerAsync("on_user_tier_change"), await TriggerAsync("fly_reconciler_tier")));

        await ObserveAsync();

        await AsOwnerAsync("trigger", "new");
        Assert.Equal(("D", "O"), (await TriggerAsync("on_user_tier_change"), await TriggerAsync("fly_reconciler_tier")));
        await EnforceForAsync(_ada.ToString(), untouched: [BensApp, CleosApp, DansApp], converged: [_ada]);
        await EnforceForAsync("elite," + _ada, untouched: [CleosApp, DansApp], converged: [_ada, _ben]);
        await EnforceForAsync("all", untouched: [], converged: [_ada, _ben, _cleo, _eve]);
        await World.EventuallyAsync(async () => await World.MachineAsync(DansApp) is { State: "stopped" }, "the machine of the user without a tier is stopped");
        Assert.Equal(BensApp, (await World.RowAsync(_ben)).App);

        await GiveBackAsync(before);
    }

    [Fact]
    public async Task Nothing_is_taken_back_while_a_daemon_leads()
    {
        await AsOwnerAsync("migrate");
        await World.StartReadyAsync();

        var (exit, refused) = await World.RunAsync([("DATABASE_URL", World.Database.OwnerConnectionString)], "migrate", "--undo");

        Assert.True(exit == 2, refused.Text);
        Assert.Contains("holds the lease: stop it first", refused.Text, StringComparison.Ordinal);
        Assert.NotEqual("", await TriggerAsync("fly_reconciler_tier"));
    }

    [Fact]
    public async Task What_was_never_migrated_has_nothing_to_take_back()
    {
        var (exit, said) = await World.RunAsync([("DATABASE_URL", World.Database.OwnerConnectionString)], "migrate", "--undo");

        Assert.True(exit == 0, said.Text);
        Assert.Contains("Nothing to take back", said.Output, StringComparison.Ordinal);
    }

    /// <summary>Beside the old functions: it tells what it would do and what that would cost, and does nothing.</summary>
    private async Task ObserveAsync()
    {
        var since = await World.NowAsync();
        var rows = await RowTextsAsync();
        var daemon = await World.StartReadyAsync(("Reconciler__Mode", "Observe"));
        await World.LooksAsync(3);
        await World.EventuallyAsync(() => Task.FromResult(daemon.Text.Contains(BensApp, StringComparison.Ordinal)), "the daemon tells what it would do");

        var (exit, plan) = await World.RunAsync("plan");
        Assert.True(exit == 1, plan.Text);
        Assert.Contains("region: sjc -> sin", plan.Output, StringComparison.Ordinal);
        Assert.Contains("Estimated cost: $", plan.Output, StringComparison.Ordinal);

        await World.Data.SetTierAsync(_eve, "free");
        await World.Data.SetTierAsync(_eve, "pro");
        Assert.Equal(2, await World.Database.ScalarAsync<long>("select count(*) from public.http_calls")); // the old functions still hear of it
        Assert.Empty(await World.ChangesAsync(since));
        Assert.Equal(rows, await RowTextsAsync());
        Assert.Equal(0, await daemon.TerminateAsync());
    }

    private async Task EnforceForAsync(string scope, string[] untouched, Guid[] converged)
    {
        var since = await World.NowAsync();
        var daemon = await World.StartReadyAsync(("Reconciler__EnforceFor", scope));
        foreach (var user in converged)
        {
            await World.ConvergedAsync(user);
        }

        await World.LooksAsync(3);
        Assert.DoesNotContain(await World.ChangesAsync(since), call => untouched.Contains(call.App));
        if (scope != "all")
        {
            Assert.Equal(0, await daemon.TerminateAsync());
        }
    }

    private async Task GiveBackAsync(string before)
    {
        Assert.Equal(0, await World.Programs[^1].TerminateAsync());
        var since = await World.NowAsync();
        await AsOwnerAsync("trigger", "old");
        var heard = await World.Database.ScalarAsync<long>("select count(*) from public.http_calls");
        await World.Data.SetTierAsync(_cleo, "free");
        Assert.Equal(heard + 1, await World.Database.ScalarAsync<long>("select count(*) from public.http_calls"));

        await AsOwnerAsync("migrate", "--undo");

        Assert.Equal(before, World.Database.DumpSchema());
        Assert.Empty(await World.ChangesAsync(since));
        Assert.Equal(5, await World.Database.ScalarAsync<long>("select count(*) from public.user_fly_apps")); // no row is lost
    }

    private async Task PlantEstateAsync()
    {
        await World.Fly.RegisterImageAsync(OldImage);
        (_ada, _ben, _cleo, _dan, _eve) = (
            await World.Data.CreateUserAsync("pro"), await World.Data.CreateUserAsync("elite"), await World.Data.CreateUserAsync("pro"),
            await World.Data.CreateUserAsync("free"), await World.Data.CreateUserAsync("pro"));
        await PlantAsync(_ada, AdasApp, "red-waterfall-1234", "sin");
        await PlantAsync(_ben, BensApp, BensApp + "-main", "sjc");
        await PlantAsync(_cleo, CleosApp, CleosApp + "-main", "sin");
        await PlantAsync(_dan, DansApp, DansApp + "-main", "sin");
        await World.Database.ExecuteAsync("delete from public.http_calls");
    }

    private async Task PlantAsync(Guid user, string app, string machine, string region)
    {
        await World.Data.CreateAppRowAsync(user, app);
        await World.Fly.PlantAppAsync(OldEstate.App(user, app, machine, region, OldImage));
    }

    private async Task AsOwnerAsync(params string[] arguments)
    {
        var (exit, said) = await World.RunAsync([("DATABASE_URL", World.Database.OwnerConnectionString)], arguments);
        Assert.True(exit == 0, said.Text);
    }

    private async Task<string> TriggerAsync(string name) => await World.Database.ScalarAsync<string>(
        "select tgenabled::text from pg_trigger where tgname = $1 and tgrelid = 'public.user_subscriptions'::regclass", name) ?? "";

    private Task<List<string>> RowTextsAsync() => World.Database.ListAsync<string>("select a::text from public.user_fly_apps a order by id");
}
