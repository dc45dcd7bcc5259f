using FlySim.Admin;

namespace FlySim.Tests;

public abstract class FaultTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : FaultTests(Host.Http);

    public sealed class InProcess() : FaultTests(Host.InProcess);

    private const string Create = "machines.create";

    [Theory]
    [InlineData(FaultKinds.ErrorBefore, 500, 0)]
    [InlineData(FaultKinds.ErrorAfter, 500, 1)]
    [InlineData(FaultKinds.Status, 503, 0)]
    [InlineData(FaultKinds.RateLimit, 429, 0)]
    [InlineData(FaultKinds.Html, 502, 0)]
    [InlineData(FaultKinds.Truncate, 200, 1)]
    public async Task A_fault_strikes_once_and_the_request_did_or_did_not_happen(string kind, int status, int machines)
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.AddFaultAsync(new FaultRule
        {
            Kind = kind,
            Operation = Create,
            Count = 1,
            Status = kind == FaultKinds.Status ? 503 : null,
            RetryAfter = 3,
        });

        var struck = await sim.TryCreateMachineAsync();
        var count = (await sim.Admin.StateAsync()).App(Sim.App)!.Machines.Count;
        var next = await sim.TryCreateMachineAsync();

        Assert.Equal((status, machines), (struck.Status, count));
        Assert.Equal(200, next.Status);
        Assert.Equal(kind == FaultKinds.RateLimit, struck.Headers.ContainsKey("Retry-After"));
        Assert.Equal(kind == FaultKinds.Html, struck.Headers["Content-Type"].StartsWith("text/html", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(FaultKinds.Drop, 1)]
    [InlineData(FaultKinds.DropBefore, 0)]
    public async Task A_broken_connection_leaves_the_outcome_open(string kind, int machines)
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = kind, Operation = Create, Count = 1 });

        await Assert.ThrowsAsync<HttpRequestException>(() => sim.TryCreateMachineAsync());

        Assert.Equal(machines, (await sim.Admin.StateAsync()).App(Sim.App)!.Machines.Count);
        var call = (await sim.Admin.CallsAsync()).Last(c => c.Operation == Create);
        Assert.Equal((0, kind), (call.Status, call.Fault));
    }

    [Theory]
    [InlineData(FaultKinds.Timeout, 1)]
    [InlineData(FaultKinds.TimeoutBefore, 0)]
    public async Task An_answer_can_be_withheld(string kind, int machines)
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = kind, Operation = Create, DelayMs = 60_000 });

        var pending = sim.TryCreateMachineAsync();
        await UntilAsync(async () => (await sim.Admin.CallsAsync()).Any(c => c.Operation == Create));
        await UntilAsync(async () => (await sim.Admin.StateAsync()).App(Sim.App)!.Machines.Count == machines);
        Assert.False(pending.IsCompleted);
        await UntilAsync(() =>
        {
            sim.Pass(60_000);
            return Task.FromResult(pending.IsCompleted);
        });

        await Assert.ThrowsAsync<HttpRequestException>(() => pending);
    }

    [Fact]
    public async Task A_late_request_takes_effect_after_its_caller_has_gone()
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.Late, Operation = "apps.create", DelayMs = 60_000 });
        using var client = sim.NewClient();
        using var patience = new CancellationTokenSource();
        await sim.Admin.ClearCallsAsync();
        using var body = new StringContent("""{"name":"late-app","org_slug":"vyx"}""");

        var pending = client.PostAsync("v1/apps", body, patience.Token);
        await UntilAsync(async () => (await sim.Admin.CallsAsync()).Any(c => c.Operation == "apps.create"));
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        Assert.Null((await sim.Admin.StateAsync()).App("late-app"));
        await UntilAsync(async () =>
        {
            sim.Pass(60_000);
            return (await sim.Admin.StateAsync()).App("late-app") is not null;
        });
    }

    [Fact]
    public async Task Lists_can_lie()
    {
        await using var sim = await StartAsync();
        await sim.Admin.PlantAppAsync(ListTests.Fleet(Sim.App, 5));
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.EmptyList, Operation = "orgs.machines", Count = 1 });
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.EmptyList, Operation = "machines.list", Count = 1 });

        var org = (await sim.GetAsync("v1/orgs/vyx/machines")).Json;

        Assert.Empty(org["machines"]!.AsArray());
        Assert.Empty(org["next_cursor"]!.GetValue<string>());
        Assert.Equal("[]", (await sim.GetAsync($"v1/apps/{Sim.App}/machines")).Body);
        Assert.Equal(5, (await sim.GetAsync($"v1/apps/{Sim.App}/machines")).Json.AsArray().Count);
    }

    [Theory]
    [InlineData(FaultKinds.EmptyPage, 5, 4)]
    [InlineData(FaultKinds.MissingPage, 3, 3)]
    public async Task An_empty_page_may_or_may_not_lose_its_rows(string kind, int rows, int pages)
    {
        await using var sim = await StartAsync();
        await sim.Admin.PlantAppAsync(ListTests.Fleet(Sim.App, 5));
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = kind, Operation = "orgs.machines", Skip = 1, Count = 1 });

        var read = await ListTests.ReadAllAsync(sim, "?limit=2");

        Assert.Equal((rows, pages), (read.Names.Count, read.Pages));
    }

    [Fact]
    public async Task A_region_can_be_missing_from_the_list_and_is_named()
    {
        await using var sim = await StartAsync();
        await sim.Admin.PlantAppAsync(new PlantApp
        {
            Name = Sim.App,
            Machines = [ListTests.Planted("a", region: "sin"), ListTests.Planted("b", region: "nrt")],
        });
        await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.ErrorRegion, Region = "sin" });

        var page = (await sim.GetAsync("v1/orgs/vyx/machines")).Json;

        Assert.Equal("b", Assert.Single(page["machines"]!.AsArray())!["name"]!.GetValue<string>());
        Assert.Equal("""["sin"]""", page["error_regions"]!.ToJsonString());
    }

    [Theory]
    [InlineData("machines.*", null, "POST", 500)]
    [InlineData("secrets.*", null, null, 200)]
    [InlineData(null, "/user-app/machines", null, 500)]
    [InlineData(null, "/other/", null, 200)]
    [InlineData(null, null, "DELETE", 200)]
    public async Task A_rule_matches_by_operation_path_and_method(string? operation, string? path, string? method, int status)
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.AddFaultAsync(new FaultRule
        {
            Kind = FaultKinds.ErrorBefore,
            Operation = operation,
            PathContains = path,
            Method = method,
        });

        Assert.Equal(status, (await sim.TryCreateMachineAsync()).Status);
        await sim.Admin.ClearFaultsAsync();
        Assert.Equal(200, (await sim.TryCreateMachineAsync()).Status);
    }

    [Fact]
    public async Task A_probability_strikes_some_and_the_same_ones_for_the_same_seed()
    {
        async Task<string> RunAsync()
        {
            await using var sim = await StartAsync();
            await sim.Admin.AddFaultAsync(new FaultRule { Kind = FaultKinds.ErrorBefore, Operation = "apps.get", Probability = 0.5 });
            var statuses = new List<int>();
            for (var i = 0; i < 40; i++)
            {
                statuses.Add((await sim.GetAsync("v1/apps/none")).Status);
            }

            return string.Join(',', statuses);
        }

        var first = await RunAsync();

        Assert.Contains("500", first, StringComparison.Ordinal);
        Assert.Contains("404", first, StringComparison.Ordinal);
        Assert.Equal(first, await RunAsync());
    }

    [Fact]
    public async Task An_unknown_kind_is_refused()
    {
        await using var sim = await StartAsync();

        var problem = await Assert.ThrowsAsync<HttpRequestException>(() => sim.Admin.AddFaultAsync(new FaultRule { Kind = "gremlins" }));

        Assert.Contains("must be one of", problem.Message, StringComparison.Ordinal);
    }

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (!await condition())
        {
            await Task.Delay(10, deadline.Token);
        }
    }
}
