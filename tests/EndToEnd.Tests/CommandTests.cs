namespace EndToEnd.Tests;

public sealed class CommandTests : WorldTest
{
    private const string CreateApp = "POST /v1/apps";

    [Fact]
    public async Task The_plan_of_a_settled_fleet_is_empty_and_that_of_a_drifted_one_lists_exactly_the_calls_that_once_makes()
    {
        var daemon = await World.StartReadyAsync();
        var users = new List<(Guid User, AppRow Row, MachineState Machine)>();
        for (var i = 0; i < 8; i++)
        {
            users.Add(await World.ProvisionAsync());
        }

        await World.LooksAsync(3);
        Assert.Equal(0, await daemon.TerminateAsync());
        var (settled, plan) = await World.RunAsync("plan");
        Assert.True(settled == 0, plan.Text);
        Assert.Contains("Plan: 0 to change, 0 blocked, 0 on the way, 8 as desired", plan.Output, StringComparison.Ordinal);

        await DriftAsync(users);
        var since = await World.NowAsync();
        var (drifted, described) = await World.RunAsync("plan");
        Assert.True(drifted == 1, described.Text);
        Assert.Contains("guest: shared 1 CPU/256 MB -> shared 2 CPU/512 MB", described.Output, StringComparison.Ordinal);
        var (exit, json) = await World.RunAsync("plan", "--json");
        Assert.True(exit == 1, json.Text);
        Assert.Empty(await World.ChangesAsync(since));
        var planned = Planned(JsonNode.Parse(json.Output)!);

        var (converged, once) = await World.RunAsync("once");
        Assert.True(converged == 0, once.Text);
        var known = users.Select(u => u.Machine.Id).ToHashSet();
        var changes = await World.ChangesAsync(since);
        var made = changes.Where(c => c.App is not null).GroupBy(c => c.App!).ToDictionary(
            g => g.Key,
            g => g.Select(c => $"{c.Method} {(c.Machine is null || known.Contains(c.Machine) ? c.Path : c.Path.Replace(c.Machine, "{new}", StringComparison.Ordinal))}").ToList());
        var unplanned = string.Join(", ", made.Where(m => !planned.ContainsKey(m.Key)).Select(m => $"{m.Key}: {string.Join(" ", m.Value)}"));
        Assert.True(unplanned.Length == 0, $"{unplanned} was not in the plan {json.Output}");
        Assert.Equal(planned.Keys.Order(), made.Keys.Order());
        Assert.Equal(planned.Values.Count(IsNew), changes.Count(c => c.Operation == "apps.create")); // names the app in its body only
        Assert.All(planned, app => Assert.Equal(app.Value.Where(c => c != CreateApp), made[app.Key]));

        var (again, after) = await World.RunAsync("plan", "--json");
        Assert.True(again == 0, after.Text);
    }

    [Fact]
    public async Task Once_exits_0_when_all_converged_1_when_one_did_not_and_3_when_it_may_not_or_cannot()
    {
        var good = await World.Data.CreateUserAsync("pro");
        var (converged, once) = await World.RunAsync("once", "--json");
        Assert.True(converged == 0, once.Text);
        Assert.Equal(1, (int)JsonNode.Parse(once.Output)!["users"]!);
        await World.ConvergedAsync(good);

        var bad = await World.Data.CreateUserAsync("pro");
        await World.Database.ExecuteAsync("""update public.user_fly_apps set spec = '{"color": "red"}' where user_id = $1""", bad);
        var (blocked, report) = await World.RunAsync("once", "--json");
        Assert.True(blocked == 1, report.Text);
        var pending = Assert.Single(JsonNode.Parse(report.Output)!["pending"]!.AsArray())!;
        Assert.Equal((bad.ToString(), "InvalidOverride"), ((string)pending["userId"]!, (string)pending["reason"]!));

        var (status, listed) = await World.RunAsync("status", "--json");
        Assert.True(status == 1, listed.Text);
        var shown = JsonNode.Parse(listed.Output)!["users"]!.AsArray().ToDictionary(u => Guid.Parse((string)u!["userId"]!), u => (bool)u!["settled"]!);
        Assert.Equal((true, false), (shown[good], shown[bad]));

        await World.StartReadyAsync();
        await World.EventuallyAsync(
            async () => await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.lease where expires_at > now()") == 1, "the daemon leads");
        var (held, refused) = await World.RunAsync("once");
        Assert.True(held == 3, refused.Text);
        Assert.Contains("leads", refused.Text, StringComparison.Ordinal);
        var (unreachable, noDatabase) = await World.RunAsync([("DATABASE_URL", "postgresql://somebody@127.0.0.1:1/nothing")], "once");
        Assert.True(unreachable == 3, noDatabase.Text);
    }

    [Fact]
    public async Task The_doctor_finds_nothing_wrong_where_nothing_is_and_names_what_is_wrong_elsewhere()
    {
        var (healthy, good) = await World.RunAsync("doctor", "--json");
        Assert.True(healthy == 0, good.Text);
        var findings = JsonNode.Parse(good.Output)!.AsArray();
        Assert.Contains(findings, f => (string)f!["check"]! == "fly: token" && (string)f["level"]! == "Ok");

        await World.Fly.SetSupabaseKeysAsync(new SupabaseKeys { Bad = [Harness.World.ServiceKey] });
        var (ill, bad) = await World.RunAsync(
            [("FLY_API_TOKEN", "FlyV1 wrong_token_value"), ("DOCKER_IMAGE", "registry.fly.io/vyx-app:none"), ("FLY_DEFAULT_REGION", "xyz")],
            "doctor", "--json");
        Assert.True(ill == 1, bad.Text);
        var failed = JsonNode.Parse(bad.Output)!.AsArray().Where(f => (string)f!["level"]! == "Failed").Select(f => (string)f!["check"]!).ToHashSet();
        Assert.Superset(new HashSet<string> { "fly: token", "fly: organisation", "image", "service key" }, failed);
        Assert.All(JsonNode.Parse(bad.Output)!.AsArray().Where(f => (string)f!["level"]! == "Failed"), f => Assert.NotEmpty((string?)f!["fix"] ?? ""));
    }

    [Fact]
    public async Task A_process_that_has_just_begun_knows_the_image_of_an_override()
    {
        const string Other = "registry.fly.io/vyx-app:of-one-user";
        await World.Fly.RegisterImageAsync(Other);
        var daemon = await World.StartReadyAsync();
        var (user, _, _) = await World.ProvisionAsync();
        await World.Database.ExecuteAsync($$"""update public.user_fly_apps set spec = '{"image": "{{Other}}"}' where user_id = $1""", user);
        await World.ConvergedAsync(user, (row, _) => row.Image == Other);
        var events = await World.EventsAsync(user);
        Assert.Equal(0, await daemon.TerminateAsync());

        var (exit, plan) = await World.RunAsync("plan");
        Assert.True(exit == 0, plan.Text);
        Assert.Contains("0 blocked", plan.Output, StringComparison.Ordinal);
        var (once, pass) = await World.RunAsync("once");
        Assert.True(once == 0, pass.Text);
        Assert.Equal(events, await World.EventsAsync(user)); // no failure that was none
    }

    private async Task DriftAsync(IReadOnlyList<(Guid User, AppRow Row, MachineState Machine)> users)
    {
        await World.Fly.DestroyMachineAsync(users[0].Row.App, users[0].Machine.Id);
        await World.Fly.EditMachineAsync(users[1].Row.App, users[1].Machine.Id, new EditMachine
        {
            Guest = new JsonObject { ["cpu_kind"] = "shared", ["cpus"] = 1, ["memory_mb"] = 256 },
        });
        await World.Fly.StopMachineAsync(users[2].Row.App, users[2].Machine.Id);
        await World.Fly.EditMachineAsync(users[3].Row.App, users[3].Machine.Id, new EditMachine { Region = "sjc" });
        await World.Fly.TamperSecretsAsync(users[4].Row.App, new Dictionary<string, string?> { ["GEMINI_API_KEY"] = "another" });
        await World.Data.SetTierAsync(users[5].User, "free");
        await World.Fly.RemoveAppAsync(users[6].Row.App);
        await World.Data.CreateUserAsync("elite"); // users[7] stays as it is
    }

    private static Dictionary<string, List<string>> Planned(JsonNode plan) => plan["users"]!.AsArray()
        .Where(u => u!["steps"]!.AsArray().Any(s => s!["call"] is not null))
        .ToDictionary(
            u => (string)u!["app"]!,
            u => u!["steps"]!.AsArray().Select(s => (string?)s!["call"]).OfType<string>().ToList());

    private static bool IsNew(List<string> calls) => calls[0] == CreateApp;
}
