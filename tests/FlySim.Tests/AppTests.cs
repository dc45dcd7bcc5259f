using FlySim.Admin;

namespace FlySim.Tests;

public abstract class AppTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : AppTests(Host.Http);

    public sealed class InProcess() : AppTests(Host.InProcess);

    [Fact]
    public async Task A_created_app_is_pending_and_ours()
    {
        await using var sim = await StartAsync();

        var created = await sim.CreateAppAsync("one");
        var app = (await sim.GetAsync("v1/apps/one")).Json;

        Assert.Equal(201, created.Status);
        Assert.Equal("pending", app["status"]!.GetValue<string>());
        Assert.Equal("vyx", app["organization"]!["slug"]!.GetValue<string>());
        Assert.Equal(0, app["machine_count"]!.GetValue<int>());
    }

    [Theory]
    [InlineData("""{"name":"x1"}""", 400, "org_slug is required")]
    [InlineData("""{"name":"x1","org_slug":"strangers"}""", 403, "unauthorized")]
    [InlineData("""{"name":"Upper","org_slug":"vyx"}""", 422, "lowercase letters, numbers, and dashes")]
    [InlineData("""{"name":"a_b","org_slug":"vyx"}""", 422, "lowercase letters, numbers, and dashes")]
    [InlineData("""{"name":"","org_slug":"vyx"}""", 422, "can't be blank")]
    [InlineData("""{"name":"a123456789b123456789c123456789d123456789e123456789f123456789g12","org_slug":"vyx"}""", 422, "less than 63")]
    [InlineData("""{"name":"x1","org_slug":"vyx","colour":"red"}""", 400, "unknown field \"colour\"")]
    [InlineData("""{"name":17,"org_slug":"vyx"}""", 400, "cannot unmarshal Number")]
    [InlineData("""["name"]""", 400, "must be an object")]
    [InlineData("""{"name":""", 400, "not valid JSON")]
    public async Task A_bad_request_is_refused_with_its_reason(string body, int status, string text)
    {
        await using var sim = await StartAsync();

        var answer = await sim.PostAsync("v1/apps", body);

        Assert.Equal(status, answer.Status);
        Assert.Contains(text, answer.Error);
    }

    [Fact]
    public async Task Both_spellings_of_the_name_are_taken()
    {
        await using var sim = await StartAsync();

        var answer = await sim.PostAsync("v1/apps", """{"app_name":"one","org_slug":"vyx","network":""}""");

        Assert.Equal(201, answer.Status);
        Assert.Equal(200, (await sim.GetAsync("v1/apps/one")).Status);
    }

    [Theory]
    [InlineData("vyx", 200)]
    [InlineData("strangers", 403)]
    public async Task A_taken_name_answers_the_same_whoever_holds_it_and_GET_tells_who(string holder, int lookup)
    {
        await using var sim = await StartAsync();
        await sim.Admin.PlantAppAsync(new PlantApp { Name = "taken", Org = holder });

        var create = await sim.CreateAppAsync("taken");

        Assert.Equal(422, create.Status);
        Assert.Contains("Name has already been taken", create.Error);
        Assert.Equal("name_taken", create.Code);
        Assert.Equal(lookup, (await sim.GetAsync("v1/apps/taken")).Status);
    }

    [Fact]
    public async Task A_free_name_is_app_not_found()
    {
        await using var sim = await StartAsync();

        var answer = await sim.GetAsync("v1/apps/nobody");

        Assert.Equal(404, answer.Status);
        Assert.Equal("app not found", answer.Error);
    }

    [Fact]
    public async Task The_list_has_our_apps_with_their_machine_counts_and_nobody_elses()
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.PlantAppAsync(new PlantApp { Name = "theirs", Org = "strangers" });
        await sim.CreateMachineAsync();

        var list = (await sim.GetAsync("v1/apps?org_slug=vyx")).Json;

        Assert.Equal(1, list["total_apps"]!.GetValue<int>());
        Assert.Equal(Sim.App, list["apps"]![0]!["name"]!.GetValue<string>());
        Assert.Equal(1, list["apps"]![0]!["machine_count"]!.GetValue<int>());
    }

    [Fact]
    public async Task Deletion_is_accepted_first_and_done_later_with_all_machines()
    {
        await using var sim = await StartWithAppAsync(s => s with { AppDeleteMs = 1000 });
        await sim.StartedMachineAsync();

        var accepted = await sim.DeleteAsync($"v1/apps/{Sim.App}");
        var meanwhile = await sim.CreateAppAsync(Sim.App);
        sim.Pass(1000);
        var after = await sim.GetAsync($"v1/apps/{Sim.App}");

        Assert.Equal(202, accepted.Status);
        Assert.Empty(accepted.Body);
        Assert.Equal("name_taken", meanwhile.Code);
        Assert.Equal(404, after.Status);
        Assert.Equal(404, (await sim.DeleteAsync($"v1/apps/{Sim.App}")).Status);
        Assert.Equal(201, (await sim.CreateAppAsync(Sim.App)).Status);
        Assert.Equal(0, (await sim.Admin.StateAsync()).App(Sim.App)!.RunningNow);
    }

    [Fact]
    public async Task A_deletion_under_way_does_not_take_the_next_app_of_its_name_with_it()
    {
        await using var sim = await StartWithAppAsync(s => s with { AppDeleteMs = 1000 });
        await sim.DeleteAsync($"v1/apps/{Sim.App}");
        await sim.Admin.RemoveAppAsync(Sim.App);
        Assert.Equal(201, (await sim.CreateAppAsync(Sim.App)).Status);

        sim.Pass(2000);

        Assert.Equal(200, (await sim.GetAsync($"v1/apps/{Sim.App}")).Status);
    }

    [Fact]
    public async Task A_deleted_name_can_stay_taken_while_GET_already_says_404()
    {
        await using var sim = await StartAsync(s => s with { AppDeleteMs = 0, AppNameHeldMs = 5000 });
        await sim.CreateAppAsync("one");

        await sim.DeleteAsync("v1/apps/one");

        Assert.Equal(404, (await sim.GetAsync("v1/apps/one")).Status);
        Assert.Equal(422, (await sim.CreateAppAsync("one")).Status);
        sim.Pass(5000);
        Assert.Equal(201, (await sim.CreateAppAsync("one")).Status);
    }

    [Fact]
    public async Task A_fresh_app_can_look_missing_for_a_moment()
    {
        await using var sim = await StartAsync(s => s with { AppVisibleAfterMs = 500 });
        await sim.CreateAppAsync("one");

        Assert.Equal(404, (await sim.GetAsync("v1/apps/one")).Status);
        sim.Pass(500);
        Assert.Equal(200, (await sim.GetAsync("v1/apps/one")).Status);
    }

    [Fact]
    public async Task Addresses_are_given_listed_and_taken_back()
    {
        await using var sim = await StartWithAppAsync();
        var path = $"v1/apps/{Sim.App}/ip_assignments";

        var shared = (await sim.PostAsync(path, """{"type":"shared_v4"}""")).Json;
        var six = (await sim.PostAsync(path, """{"type":"v6"}""")).Json["ip"]!.GetValue<string>();
        var listed = (await sim.GetAsync(path)).Json["ips"]!.AsArray();

        Assert.True(shared["shared"]!.GetValue<bool>());
        Assert.Equal(2, listed.Count);
        Assert.Equal(204, (await sim.DeleteAsync($"{path}/{six}")).Status);
        Assert.Equal(404, (await sim.DeleteAsync($"{path}/{six}")).Status);
        Assert.Equal(422, (await sim.PostAsync(path, """{"type":"v5"}""")).Status);
    }
}
