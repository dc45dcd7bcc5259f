using System.Text.Json.Nodes;
using FlySim.Admin;

namespace FlySim.Tests;

/// <summary>Answers that a client has to survive, and what happened all the same.</summary>
public abstract class HostileAnswerTests(Host host) : HostedTests(host)
{
    private const string Create = "machines.create";

    public sealed class OverHttp() : HostileAnswerTests(Host.Http);

    public sealed class InProcess() : HostileAnswerTests(Host.InProcess);

    [Theory]
    [InlineData(FaultKinds.OkError, 0, """{"status":"error","message":"internal error"}""")]
    [InlineData(FaultKinds.WrongShape, 1, """{"result":[[],{"machine":7}]}""")]
    [InlineData(FaultKinds.EmptyBody, 1, "")]
    public async Task A_success_can_say_something_else(string kind, int machines, string body)
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = kind, Operation = Create, Count = 1 });

        var answer = await sim.TryCreateMachineAsync();

        Assert.Equal((200, body), (answer.Status, answer.Body));
        Assert.Equal(machines, (await sim.Admin.StateAsync()).App(Sim.App)!.Machines.Count);
    }

    [Fact]
    public async Task A_state_can_be_one_that_nobody_described()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.UnknownState });

        var one = (await sim.GetAsync(Sim.Path(id))).Json;
        var page = (await sim.GetAsync("v1/orgs/vyx/machines")).Json;

        Assert.Equal("hibernating", one["state"]!.GetValue<string>());
        Assert.Equal("hibernating", page["machines"]![0]!["state"]!.GetValue<string>());
        Assert.Equal(id, one["id"]!.GetValue<string>());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_huge_answer_is_streamed_and_tells_its_length_or_not(bool unannounced)
    {
        const long Size = 100L * 1024 * 1024;
        await using var sim = await StartAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.Huge, Operation = "apps.list", Unannounced = unannounced });
        using var client = sim.NewClient();

        using var answer = await client.GetAsync("v1/apps?org_slug=vyx", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.Content.ReadAsStreamAsync();
        var beginning = new byte[1024 * 1024];
        await stream.ReadExactlyAsync(beginning);

        Assert.Equal(unannounced ? null : Size, answer.Content.Headers.ContentLength);
        Assert.NotNull(JsonNode.Parse(beginning));
    }

    [Fact]
    public async Task A_huge_answer_ends_where_it_said()
    {
        await using var sim = await StartAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.Huge, Size = 300_000 });

        Assert.Equal(300_000, (await sim.GetAsync("v1/apps?org_slug=vyx")).Body.Length);
    }

    [Fact]
    public async Task An_answer_can_be_nested_deeper_than_any_reader_goes()
    {
        await using var sim = await StartAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.Deep, Size = 500 });

        var answer = await sim.GetAsync("v1/apps?org_slug=vyx");

        Assert.Equal(new string('[', 500) + new string(']', 500), answer.Body);
    }

    [Fact]
    public async Task The_connection_can_break_in_the_middle_of_an_answer()
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.Cut, Operation = Create, Count = 1 });
        using var client = sim.NewClient();
        using var body = new StringContent("{\"config\":{\"image\":\"" + Sim.Image + "\"}}");
        using var request = new HttpRequestMessage(HttpMethod.Post, $"v1/apps/{Sim.App}/machines") { Content = body };

        using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var problem = await Assert.ThrowsAnyAsync<Exception>(() => answer.Content.ReadAsStringAsync());

        Assert.True(problem is HttpRequestException or IOException, problem.ToString());
        Assert.Equal(200, (int)answer.StatusCode);
        Assert.Single((await sim.Admin.StateAsync()).App(Sim.App)!.Machines);
    }

    [Fact]
    public async Task What_exists_can_be_not_found()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.NotFound, Count = 2 });

        var machine = await sim.GetAsync(Sim.Path(id));
        var app = await sim.GetAsync($"v1/apps/{Sim.App}");

        Assert.Equal((404, "machine not found", 404, "app not found"), (machine.Status, machine.Error, app.Status, app.Error));
        Assert.Equal("started", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task A_stale_read_shows_the_machine_as_it_was()
    {
        await using var sim = await StartWithAppAsync();
        sim.Pass(60_000);
        var id = await sim.StartedMachineAsync();
        sim.Pass(60_000);
        await sim.Admin.DestroyMachineAsync(Sim.App, id);
        sim.Pass(1000);

        Assert.Equal("started", (await StaleAsync(sim, Sim.Path(id), 30_000)).Json["state"]!.GetValue<string>());
        Assert.Equal(404, (await StaleAsync(sim, Sim.Path(id), 90_000)).Status);
        Assert.Equal("started", (await StaleAsync(sim, $"v1/apps/{Sim.App}/machines", 30_000)).Json[0]!["state"]!.GetValue<string>());
        Assert.Equal(id, (await StaleAsync(sim, "v1/orgs/vyx/machines", 30_000)).Json["machines"]![0]!["id"]!.GetValue<string>());
        Assert.Equal("destroyed", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task A_stale_read_misses_a_new_app_and_still_shows_a_deleted_one()
    {
        await using var sim = await StartWithAppAsync();
        sim.Pass(60_000);

        Assert.Equal(404, (await StaleAsync(sim, $"v1/apps/{Sim.App}", 90_000)).Status);
        await sim.Admin.RemoveAppAsync(Sim.App);
        sim.Pass(1000);

        Assert.Equal(404, (await sim.GetAsync($"v1/apps/{Sim.App}")).Status);
        Assert.Equal(200, (await StaleAsync(sim, $"v1/apps/{Sim.App}", 30_000)).Status);
        Assert.Equal(1, (await StaleAsync(sim, "v1/apps?org_slug=vyx", 30_000)).Json["total_apps"]!.GetValue<int>());
    }

    [Fact]
    public async Task Stale_secrets_are_older_ones()
    {
        await using var sim = await StartWithAppAsync();
        sim.Pass(60_000);
        await sim.SetSecretsAsync(("NEW", "1"));

        var stale = (await StaleAsync(sim, $"v1/apps/{Sim.App}/secrets", 30_000)).Json["secrets"]!.AsArray();

        Assert.DoesNotContain(stale, s => s!["name"]!.GetValue<string>() == "NEW");
    }

    [Theory]
    [InlineData("?limit=2", 1)]
    [InlineData("", 0)]
    public async Task A_row_can_come_twice(string query, int page)
    {
        await using var sim = await StartAsync();
        await sim.Admin.PlantAppAsync(ListTests.Fleet(Sim.App, 5));
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.RepeatRow, Operation = "orgs.machines", Skip = page, Count = 1 });

        var read = await ListTests.ReadAllAsync(sim, query);

        Assert.Equal((6, 5), (read.Names.Count, read.Names.Distinct().Count()));
    }

    [Fact]
    public async Task Ready_made_refusals_read_as_Fly_writes_them()
    {
        await using var sim = await StartWithAppAsync();
        var rules = new[]
        {
            (FaultRules.Unauthorized, 401), (FaultRules.Forbidden, 403), (FaultRules.ConcurrentUpdate, 409), (FaultRules.LeaseHeld, 409),
            (FaultRules.StillStarting, 409), (FaultRules.HostFull, 409), (FaultRules.WrongState, 412), (FaultRules.BeingReplaced, 412),
            (FaultRules.VersionMismatch, 412), (FaultRules.AppNameTaken, 422), (FaultRules.NoCapacity, 422), (FaultRules.MachineLimit, 422),
            (FaultRules.ManifestUnknown, 400), (FaultRules.UpstreamTimeout, 408), (FaultRules.Unavailable, 503), (FaultRules.Throttled, 429),
        };

        foreach (var (rule, status) in rules)
        {
            await sim.Admin.AddFaultAsync(rule with { Operation = "apps.get", Count = 1 });
            var answer = await sim.GetAsync($"v1/apps/{Sim.App}");
            Assert.Equal(status, answer.Status);
            Assert.NotEmpty(answer.Error!);
        }

        Assert.Equal(200, (await sim.GetAsync($"v1/apps/{Sim.App}")).Status);
    }

    private static async Task<Answer> StaleAsync(Sim sim, string path, int ageMs)
    {
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.Stale, AgeMs = ageMs, Count = 1 });
        return await sim.GetAsync(path);
    }
}
