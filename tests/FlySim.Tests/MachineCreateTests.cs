namespace FlySim.Tests;

public abstract class MachineCreateTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : MachineCreateTests(Host.Http);

    public sealed class InProcess() : MachineCreateTests(Host.InProcess);

    [Fact]
    public async Task A_created_machine_answers_before_it_has_booted_and_starts_by_itself()
    {
        await using var sim = await StartWithAppAsync(s => s with { BootMs = 1000 });

        var answer = await sim.TryCreateMachineAsync(",\"name\":\"main\",\"region\":\"sin\"");
        var id = answer.Json["id"]!.GetValue<string>();

        Assert.Equal("created", answer.Json["state"]!.GetValue<string>());
        Assert.Equal("sin", answer.Json["region"]!.GetValue<string>());
        sim.Pass(999);
        Assert.Equal("created", await sim.StateOfAsync(id));
        sim.Pass(1);
        Assert.Equal("started", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task A_create_without_region_lands_near_the_caller_and_without_guest_on_the_smallest_machine()
    {
        await using var sim = await StartWithAppAsync();

        var machine = (await sim.TryCreateMachineAsync()).Json;

        Assert.Equal("sjc", machine["region"]!.GetValue<string>());
        Assert.Equal("""{"cpu_kind":"shared","cpus":1,"memory_mb":256}""", machine["config"]!["guest"]!.ToJsonString());
        Assert.Matches("^[a-z]+-[a-z]+-[0-9]{4}$", machine["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task The_reply_echoes_the_config_with_additions_and_its_own_spellings()
    {
        await using var sim = await StartWithAppAsync();
        const string Config = """
            ,"checks":{"h":{"type":"http","port":8080,"path":"/health","interval":"90s","timeout":5000000000,"grace_period":"60s"}},
             "services":[{"protocol":"tcp","internal_port":8080,"autostop":"off","ports":[{"port":443,"handlers":["tls","http"]}]}],"env":null
            """;

        var config = (await sim.TryCreateMachineAsync(config: Config)).Json["config"]!;

        Assert.Equal("{}", config["init"]!.ToJsonString());
        Assert.Equal("{}", config["dns"]!.ToJsonString());
        Assert.Equal("""{"policy":"on-failure","max_retries":10}""", config["restart"]!.ToJsonString());
        Assert.Equal("1m30s", config["checks"]!["h"]!["interval"]!.GetValue<string>());
        Assert.Equal("5s", config["checks"]!["h"]!["timeout"]!.GetValue<string>());
        Assert.Equal("1m0s", config["checks"]!["h"]!["grace_period"]!.GetValue<string>());
        Assert.False(config["services"]![0]!["autostop"]!.GetValue<bool>());
        Assert.False(config.AsObject().ContainsKey("env"));
    }

    [Fact]
    public async Task The_reply_tells_what_the_tag_resolved_to()
    {
        await using var sim = await StartAsync();
        var image = await sim.Admin.RegisterImageAsync("registry.fly.io/vyx-app:next");
        await sim.CreateAppAsync(Sim.App);

        var byTag = (await sim.TryCreateMachineAsync(image: "registry.fly.io/vyx-app:next")).Json["image_ref"]!;
        var byDigest = (await sim.TryCreateMachineAsync(image: "registry.fly.io/vyx-app@" + image.Digest)).Json["image_ref"]!;

        Assert.Equal(
            ("registry.fly.io", "vyx-app", "next", image.Digest),
            (byTag["registry"]!.GetValue<string>(), byTag["repository"]!.GetValue<string>(), byTag["tag"]!.GetValue<string>(),
                byTag["digest"]!.GetValue<string>()));
        Assert.Equal(image.Digest, byDigest["digest"]!.GetValue<string>());
    }

    [Theory]
    [InlineData("registry.fly.io/vyx-app:gone")]
    [InlineData("registry.fly.io/vyx-app@sha256:0000")]
    [InlineData("registry.fly.io/other:good")]
    [InlineData("ghcr.io/vyx-app:good")]
    public async Task An_unknown_image_is_refused_at_once(string image)
    {
        await using var sim = await StartWithAppAsync();

        var answer = await sim.TryCreateMachineAsync(image: image);

        Assert.Equal(400, answer.Status);
        Assert.Contains("failed to get manifest " + image, answer.Error);
        Assert.Contains("MANIFEST_UNKNOWN", answer.Error);
    }

    [Theory]
    [InlineData("shared", 1, 256, true)]
    [InlineData("shared", 2, 512, true)]
    [InlineData("shared", 2, 256, false)]
    [InlineData("shared", 2, 4096, true)]
    [InlineData("shared", 2, 4352, false)]
    [InlineData("shared", 2, 600, false)]
    [InlineData("shared", 3, 768, false)]
    [InlineData("shared", 8, 16384, true)]
    [InlineData("performance", 1, 2048, true)]
    [InlineData("performance", 1, 1024, false)]
    [InlineData("performance", 2, 5120, true)]
    [InlineData("performance", 2, 17408, false)]
    [InlineData("dedicated", 1, 2048, false)]
    public async Task A_guest_must_be_one_that_exists(string kind, int cpus, int memory, bool valid)
    {
        await using var sim = await StartWithAppAsync();

        var answer = await sim.TryCreateMachineAsync(config: $",\"guest\":{{\"cpu_kind\":\"{kind}\",\"cpus\":{cpus},\"memory_mb\":{memory}}}");

        Assert.Equal(valid ? 200 : 422, answer.Status);
        Assert.True(valid || answer.Error!.Contains("config.guest", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("nrt", "nrt")]
    [InlineData("sin,nrt", "nrt")]
    [InlineData("sin,any", "ams")]
    public async Task Regions_are_tried_in_order_until_one_has_room(string wish, string got)
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.LimitRegionAsync("sin", 0);

        var answer = await sim.TryCreateMachineAsync($",\"region\":\"{wish}\"");

        Assert.Equal(got, answer.Json["region"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_full_region_is_a_422_with_its_own_status()
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.LimitRegionAsync("sin", 1);
        await sim.CreateMachineAsync(",\"region\":\"sin\"");

        var full = await sim.TryCreateMachineAsync(",\"region\":\"sin\"");
        await sim.Admin.LimitRegionAsync("sin", null);
        var freed = await sim.TryCreateMachineAsync(",\"region\":\"sin\"");

        Assert.Equal((422, "insufficient_capacity"), (full.Status, full.Code));
        Assert.Equal(200, freed.Status);
    }

    [Theory]
    [InlineData(",\"region\":\"zzz\"", "", 422, "region zzz not found")]
    [InlineData("", ",\"colour\":\"red\"", 400, "unknown field \"config.colour\"")]
    [InlineData(",\"launch\":true", "", 400, "unknown field \"launch\"")]
    [InlineData("", ",\"env\":{\"A\":1}", 400, "config.env.A")]
    [InlineData("", ",\"guest\":{\"cpus\":\"two\"}", 400, "config.guest.cpus")]
    [InlineData("", ",\"guest\":{\"cpus\":1},\"size\":\"shared-cpu-1x\"", 400, "exclude each other")]
    [InlineData("", ",\"checks\":{\"h\":{\"type\":\"grpc\",\"port\":1}}", 400, "type http or tcp")]
    [InlineData("", ",\"checks\":{\"h\":{\"type\":\"http\"}}", 400, "must have a port")]
    [InlineData("", ",\"checks\":{\"h\":{\"type\":\"tcp\",\"port\":1,\"interval\":\"soon\"}}", 400, "invalid duration")]
    [InlineData("", ",\"restart\":{\"policy\":\"sometimes\"}", 400, "restart policy")]
    public async Task A_bad_body_is_refused_with_its_reason(string members, string config, int status, string text)
    {
        await using var sim = await StartWithAppAsync();

        var answer = await sim.TryCreateMachineAsync(members, config);

        Assert.Equal(status, answer.Status);
        Assert.Contains(text, answer.Error);
    }

    [Fact]
    public async Task An_image_is_required()
    {
        await using var sim = await StartWithAppAsync();

        var answer = await sim.PostAsync($"v1/apps/{Sim.App}/machines", """{"config":{"env":{}}}""");

        Assert.Equal(400, answer.Status);
        Assert.Contains("config.image is required", answer.Error);
    }

    [Fact]
    public async Task A_live_name_is_taken_and_the_answer_carries_its_id()
    {
        await using var sim = await StartWithAppAsync();
        var first = await sim.StartedMachineAsync(",\"name\":\"main\"");

        var second = await sim.TryCreateMachineAsync(",\"name\":\"main\"");

        Assert.Equal(409, second.Status);
        Assert.Equal(
            $"already_exists: unique machine name violation, machine ID {first} already exists with name \"main\"", second.Error);
    }

    [Theory]
    [InlineData(true, 409)]
    [InlineData(false, 200)]
    public async Task A_name_is_free_once_its_machine_is_destroyed(bool heldWhileDestroying, int meanwhile)
    {
        await using var sim = await StartWithAppAsync(s => s with { NameHeldWhileDestroying = heldWhileDestroying });
        var first = await sim.StartedMachineAsync(",\"name\":\"main\"");

        await sim.DeleteAsync(Sim.Path(first, "?force=true"));
        Assert.Equal(meanwhile, (await sim.TryCreateMachineAsync(",\"name\":\"main\",\"skip_launch\":true")).Status);
        sim.Pass(100);

        Assert.Equal("destroyed", await sim.StateOfAsync(first));
        Assert.Equal(meanwhile == 409 ? 200 : 409, (await sim.TryCreateMachineAsync(",\"name\":\"main\"")).Status);
    }

    [Fact]
    public async Task Without_launch_it_stays_created_and_is_startable_only_after_a_moment()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.CreateMachineAsync(",\"skip_launch\":true");

        var early = await sim.PostAsync(Sim.Path(id, "/start"));
        sim.Pass(200);
        var later = await sim.PostAsync(Sim.Path(id, "/start"));
        sim.Pass(300);

        Assert.Equal(412, early.Status);
        Assert.Contains("unable to start machine from current state: 'created'", early.Error);
        Assert.Equal((200, "created"), (later.Status, later.Json["previous_state"]!.GetValue<string>()));
        Assert.Equal("started", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task It_can_be_born_leased()
    {
        await using var sim = await StartWithAppAsync();

        var machine = (await sim.TryCreateMachineAsync(",\"lease_ttl\":60")).Json;
        var id = machine["id"]!.GetValue<string>();
        sim.Pass(300);

        Assert.Equal(409, (await sim.UpdateAsync(id)).Status);
        Assert.Equal(200, (await sim.UpdateAsync(id, nonce: machine["nonce"]!.GetValue<string>())).Status);
    }

    [Fact]
    public async Task The_organisations_machine_limit_is_a_422()
    {
        await using var sim = await StartWithAppAsync(s => s with { MachineLimit = 1 });
        await sim.CreateMachineAsync();

        var answer = await sim.TryCreateMachineAsync();

        Assert.Equal(422, answer.Status);
        Assert.Contains("machine limit", answer.Error);
        Assert.Null(answer.Code);
    }

    [Theory]
    [InlineData("missing", 404, "app not found")]
    [InlineData("theirs", 403, "unauthorized")]
    public async Task Only_in_an_app_of_ours(string app, int status, string text)
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.PlantAppAsync(new Admin.PlantApp { Name = "theirs", Org = "strangers" });

        var answer = await sim.PostAsync($"v1/apps/{app}/machines", $$$"""{"config":{"image":"{{{Sim.Image}}}"}}""");

        Assert.Equal(status, answer.Status);
        Assert.Equal(text, answer.Error);
    }
}
