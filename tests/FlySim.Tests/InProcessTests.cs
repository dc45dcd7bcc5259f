using FlySim.Admin;
using Microsoft.Extensions.Time.Testing;

namespace FlySim.Tests;

/// <summary>What only the host inside the process has: chosen faults, events, plain calls and an exact repetition.</summary>
public sealed class InProcessTests
{
    private const string MachineBody = "{\"config\":{\"image\":\"" + Sim.Image + "\"}}";

    private readonly FakeTimeProvider _clock = new(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
    private readonly InProcessFly _fly;
    private readonly HttpClient _http;

    public InProcessTests()
    {
        _fly = Create(_clock);
        _http = Client(_fly);
    }

    [Fact]
    public void A_request_that_need_not_wait_is_answered_on_the_spot() =>
        Assert.True(SendAsync(HttpMethod.Get, "v1/apps?org_slug=vyx").IsCompletedSuccessfully);

    [Fact]
    public async Task A_fault_chosen_by_the_caller_strikes_that_request_and_leaves_the_rules_alone()
    {
        _fly.Control.AddFault(new FaultRule { Kind = FaultKinds.Html, Operation = "apps.get", Count = 1 });

        using var chosen = await SendAsync(HttpMethod.Get, "v1/apps/none", new FaultRule { Kind = FaultKinds.RateLimit });
        using var byRule = await SendAsync(HttpMethod.Get, "v1/apps/none");
        using var none = await SendAsync(HttpMethod.Get, "v1/apps/none");

        Assert.Equal([429, 502, 404], new[] { chosen, byRule, none }.Select(r => (int)r.StatusCode));
    }

    [Fact]
    public async Task A_chosen_fault_of_an_unknown_kind_is_refused() =>
        await Assert.ThrowsAsync<Model.RefusedException>(() => SendAsync(HttpMethod.Get, "v1/apps/none", new FaultRule { Kind = "gremlins" }));

    [Fact]
    public async Task A_broken_connection_looks_as_over_a_socket()
    {
        var problem = await Assert.ThrowsAsync<HttpRequestException>(
            () => SendAsync(HttpMethod.Get, "v1/apps/none", new FaultRule { Kind = FaultKinds.Drop }));

        Assert.Equal(HttpRequestError.ResponseEnded, problem.HttpRequestError);
        Assert.IsAssignableFrom<IOException>(problem.InnerException);
    }

    [Theory]
    [InlineData(FaultKinds.Late, false)]
    [InlineData(FaultKinds.Timeout, true)]
    public async Task A_caller_that_gives_up_leaves_at_once_and_its_request_takes_effect_all_the_same(string kind, bool before)
    {
        using var patience = new CancellationTokenSource();
        using var request = Request(HttpMethod.Post, "v1/apps", new FaultRule { Kind = kind, DelayMs = 5000 });
        request.Content = new StringContent("""{"name":"late-app","org_slug":"vyx"}""");
        using var invoker = new HttpMessageInvoker(_fly.Handler, disposeHandler: false);
        var pending = invoker.SendAsync(request, patience.Token);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        var early = _fly.World.AppList().Count;
        _clock.Advance(TimeSpan.FromSeconds(5));
        await Task.Yield();

        Assert.Equal(before ? 1 : 0, early);
        for (var i = 0; i < 1000 && _fly.World.AppList().Count == 0; i++)
        {
            await Task.Delay(1);
        }

        Assert.Equal("late-app", Assert.Single(_fly.World.AppList()).Name);
    }

    [Fact]
    public async Task Every_change_is_told_with_the_world_as_of_that_moment()
    {
        var seen = new List<string>();
        await CreateAppAsync();
        _fly.World.Changed += world => seen.Add(string.Join(',', world.Machines().Select(m => m.State)));

        await CreateMachineAsync();
        using (await SendAsync(HttpMethod.Get, "v1/apps/user-app"))
        {
        }

        _clock.Advance(TimeSpan.FromHours(1));
        _fly.World.CatchUp();
        _fly.Control.DestroyMachine("user-app", _fly.World.Machines()[0].Id);

        Assert.Equal(["created", "started", ""], seen);
    }

    [Fact]
    public async Task The_clock_can_jump_to_what_happens_next()
    {
        await CreateAppAsync();
        await CreateMachineAsync();

        Assert.Equal(_clock.GetUtcNow() + TimeSpan.FromMilliseconds(300), _fly.World.NextDue);
        _clock.SetUtcNow(_fly.World.NextDue!.Value);
        _fly.World.CatchUp();

        Assert.Null(_fly.World.NextDue);
        Assert.Equal("started", Assert.Single(_fly.World.Machines()).State);
    }

    [Fact]
    public async Task Facts_tell_who_runs_where_for_whom()
    {
        var image = _fly.Control.RegisterImage(Sim.Image);
        await CreateAppAsync();
        _fly.Control.TamperSecrets("user-app", new Dictionary<string, string?> { ["USER_ID"] = "u-1", ["RUN_MODE"] = "user_dedicated" });
        await CreateMachineAsync();
        _clock.Advance(TimeSpan.FromSeconds(1));

        var machine = Assert.Single(_fly.World.Machines());

        Assert.Equal(
            ("user-app", "vyx", "started", true, "sin", image.Digest, "u-1", "user_dedicated"),
            (machine.App, machine.Org, machine.State, machine.Running, machine.Region, machine.Digest, machine.UserId, machine.RunMode));
    }

    [Fact]
    public async Task Without_a_call_log_calls_are_counted_only()
    {
        var fly = InProcessFly.Create(new FlySimOptions { TimeProvider = _clock, KeptCalls = 0 });
        using var http = Client(fly);

        using (await http.GetAsync("v1/apps/none"))
        {
        }

        Assert.Empty(fly.Control.Calls());
        Assert.Equal(1, fly.Control.State().Calls);
    }

    [Fact]
    public async Task A_run_can_be_repeated_exactly()
    {
        async Task<string> RunAsync()
        {
            var clock = new FakeTimeProvider(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
            var fly = Create(clock);
            using var http = Client(fly);
            using var app = new StringContent("""{"name":"user-app","org_slug":"vyx"}""");
            using var machine = new StringContent(MachineBody);
            await http.PostAsync("v1/apps", app);
            await http.PostAsync("v1/apps/user-app/machines", machine);
            clock.Advance(TimeSpan.FromSeconds(3));
            return await http.GetStringAsync("v1/apps/user-app/machines");
        }

        Assert.Equal(await RunAsync(), await RunAsync());
    }

    [Fact]
    public async Task Escaped_addresses_mean_what_they_mean_over_a_socket()
    {
        await using var sim = await Sim.StartAsync(Host.Http);
        foreach (var path in (string[])["v1/apps/a%20b", "v1/apps/a%2Fb", "v1/apps/%E2%82%AC", "V1/APPS/none/", "v1//apps/none", "v1/apps/a+b?x=%26"])
        {
            var overHttp = await sim.GetAsync(path);
            using var inProcess = await SendAsync(HttpMethod.Get, path);

            Assert.Equal((path, overHttp.Status, overHttp.Body), (path, (int)inProcess.StatusCode, await inProcess.Content.ReadAsStringAsync()));
        }

        var expected = (await sim.Admin.CallsAsync()).Select(c => (c.Path, c.Query, c.App, c.Operation));
        Assert.Equal(expected, _fly.Control.Calls().Select(c => (c.Path, c.Query, c.App, c.Operation)));
    }

    private static InProcessFly Create(TimeProvider clock)
    {
        var fly = InProcessFly.Create(new FlySimOptions
        {
            TimeProvider = clock,
            DefaultRegion = "sin",
            Settings = new SimSettings { RateLimits = false, GraceScale = 0 },
        });
        fly.Control.RegisterImage(Sim.Image);
        return fly;
    }

    private static HttpClient Client(InProcessFly fly)
    {
        var client = new HttpClient(fly.Handler, disposeHandler: false) { BaseAddress = InProcessFly.BaseAddress };
        client.DefaultRequestHeaders.Add("Authorization", "Bearer sim-token");
        return client;
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, FaultRule? fault)
    {
        var request = new HttpRequestMessage(method, new Uri(InProcessFly.BaseAddress, path));
        request.Headers.Add("Authorization", "Bearer sim-token");
        if (fault is not null)
        {
            request.Options.Set(FlySimHandler.FaultKey, fault);
        }

        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, FaultRule? fault = null)
    {
        using var request = Request(method, path, fault);
        return await _http.SendAsync(request);
    }

    private async Task CreateAppAsync()
    {
        using var body = new StringContent("""{"name":"user-app","org_slug":"vyx"}""");
        using var answer = await _http.PostAsync("v1/apps", body);
        Assert.Equal(201, (int)answer.StatusCode);
        _fly.Control.TamperSecrets(
            "user-app", new Dictionary<string, string?> { ["SUPABASE_URL"] = "https://project.supabase.co", ["SUPABASE_SERVICE_KEY"] = "k" });
    }

    private async Task CreateMachineAsync()
    {
        using var body = new StringContent(MachineBody);
        using var answer = await _http.PostAsync("v1/apps/user-app/machines", body);
        Assert.Equal(200, (int)answer.StatusCode);
    }
}
