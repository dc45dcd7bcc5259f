using FlySim.Admin;

namespace FlySim.Tests;

/// <summary>The user's program inside a machine: health, checks and crashes.</summary>
public abstract class ProgramTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : ProgramTests(Host.Http);

    public sealed class InProcess() : ProgramTests(Host.InProcess);

    private const string Check =
        ",\"checks\":{\"health\":{\"type\":\"http\",\"port\":8080,\"path\":\"/health\",\"grace_period\":\"10s\",\"interval\":\"15s\"}}";

    [Fact]
    public async Task A_shared_backend_is_healthy_without_a_user()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();

        var health = await sim.GetAsync($"_vm/{Sim.App}/{id}/health");

        Assert.Equal(200, health.Status);
        Assert.Equal("healthy", health.Json["status"]!.GetValue<string>());
        Assert.Equal("shared_backend", health.Json["run_mode"]!.GetValue<string>());
        Assert.Equal("good", health.Json["version"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_dedicated_program_reports_its_user()
    {
        await using var sim = await StartWithAppAsync();
        await sim.SetSecretsAsync(("USER_ID", "u-1"), ("RUN_MODE", "user_dedicated"));
        var id = await sim.StartedMachineAsync();

        var health = (await sim.GetAsync($"_vm/{Sim.App}/{id}/health")).Json;

        Assert.Equal(("user_dedicated", "u-1"), (health["run_mode"]!.GetValue<string>(), health["user_id"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData("SUPABASE_URL", null)]
    [InlineData("SUPABASE_SERVICE_KEY", null)]
    [InlineData("RUN_MODE", "user_dedicated")]
    public async Task It_refuses_to_run_without_what_it_needs(string name, string? value)
    {
        await using var sim = await StartWithAppAsync(s => s with { CrashAfterMs = 50, CrashRestartMs = 100 });
        await sim.SetSecretsAsync((name, value));
        var id = await sim.CreateMachineAsync(config: ",\"restart\":{\"policy\":\"on-failure\",\"max_retries\":2}");

        sim.Pass(300 + 50);
        var looping = await sim.MachineAsync(id);
        sim.Pass(1000);
        var given = await sim.MachineAsync(id);

        Assert.Equal("starting", looping["state"]!.GetValue<string>());
        Assert.True(looping["events"]![0]!["request"]!["exit_event"]!["restarting"]!.GetValue<bool>());
        Assert.Equal(1, looping["events"]![0]!["request"]!["exit_event"]!["exit_code"]!.GetValue<int>());
        Assert.Equal("stopped", given["state"]!.GetValue<string>());
        Assert.Equal(2, given["events"]![0]!["request"]!["restart_count"]!.GetValue<int>());
        Assert.Equal(502, (await sim.GetAsync($"_vm/{Sim.App}/{id}/health")).Status);
    }

    [Theory]
    [InlineData("no", "stopped")]
    [InlineData("on-failure", "stopped")]
    [InlineData("always", "failed")]
    public async Task A_crash_loop_ends_by_policy(string policy, string state)
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.RegisterImageAsync("registry.fly.io/vyx-app:crash", ImageBehaviour.Crash);
        var id = await sim.CreateMachineAsync(config: $",\"restart\":{{\"policy\":\"{policy}\"}}", image: "registry.fly.io/vyx-app:crash");

        sim.Pass(60_000);

        Assert.Equal(state, await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task Env_comes_from_the_config_and_secrets_outrank_it()
    {
        await using var sim = await StartWithAppAsync();
        await sim.SetSecretsAsync(("BOTH", "from-secret"));

        var id = await sim.StartedMachineAsync(config: ",\"env\":{\"BOTH\":\"from-env\",\"PLAIN\":\"x\"}");

        var truth = await sim.TruthOfAsync(id);
        Assert.Equal(["BOTH", "PLAIN"], truth.EnvNames);
        Assert.Equal(FlySimClient.HashOf("from-secret"), truth.BootEnvHashes["BOTH"]);
        Assert.Equal(FlySimClient.HashOf(id), truth.BootEnvHashes["FLY_MACHINE_ID"]);
    }

    [Fact]
    public async Task Checks_are_empty_until_the_grace_period_has_passed_and_then_pass()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync(config: Check);

        var early = (await sim.MachineAsync(id))["checks"]!.AsArray();
        sim.Pass(10_100);
        var later = (await sim.MachineAsync(id))["checks"]!.AsArray();

        Assert.Empty(early);
        Assert.Equal(("health", "passing"), (later[0]!["name"]!.GetValue<string>(), later[0]!["status"]!.GetValue<string>()));
    }

    [Theory]
    [InlineData(ImageBehaviour.Healthy, "8080", "/health", "passing")]
    [InlineData(ImageBehaviour.Unhealthy, "8080", "/health", "critical")]
    [InlineData(ImageBehaviour.Healthy, "9090", "/health", "critical")]
    [InlineData(ImageBehaviour.Healthy, "8080", "/nope", "critical")]
    public async Task A_check_is_as_good_as_the_program_and_its_address(ImageBehaviour behaviour, string port, string path, string status)
    {
        await using var sim = await StartWithAppAsync(s => s with { GraceScale = 0, CheckMs = 0 });
        await sim.Admin.RegisterImageAsync("registry.fly.io/vyx-app:it", behaviour);

        var id = await sim.StartedMachineAsync(
            config: $",\"checks\":{{\"h\":{{\"type\":\"http\",\"port\":{port},\"path\":\"{path}\"}}}}", image: "registry.fly.io/vyx-app:it");

        Assert.Equal(status, (await sim.MachineAsync(id))["checks"]![0]!["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task Checks_of_services_have_names_made_up_by_the_platform()
    {
        await using var sim = await StartWithAppAsync(s => s with { CheckMs = 0 });

        var id = await sim.StartedMachineAsync(
            config: ",\"services\":[{\"protocol\":\"tcp\",\"internal_port\":8080,\"checks\":[{\"type\":\"http\",\"path\":\"/health\"}]}]");

        Assert.Equal("servicecheck-00-http-8080", (await sim.MachineAsync(id))["checks"]![0]!["name"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_program_can_fall_ill_while_it_runs()
    {
        await using var sim = await StartWithAppAsync(s => s with { GraceScale = 0, CheckMs = 0 });
        var id = await sim.StartedMachineAsync(config: Check);

        await sim.Admin.EditMachineAsync(Sim.App, id, new EditMachine { Healthy = false });

        Assert.Equal("critical", (await sim.MachineAsync(id))["checks"]![0]!["status"]!.GetValue<string>());
        Assert.Equal(503, (await sim.GetAsync($"_vm/{Sim.App}/{id}/health")).Status);
        Assert.Equal("started", await sim.StateOfAsync(id));
    }

    [Fact]
    public async Task A_hanging_image_never_gets_started()
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.RegisterImageAsync("registry.fly.io/vyx-app:hang", ImageBehaviour.Hang);
        var created = await sim.CreateMachineAsync(image: "registry.fly.io/vyx-app:hang");
        var updated = await sim.StartedMachineAsync();
        await sim.UpdateAsync(updated, image: "registry.fly.io/vyx-app:hang");

        sim.Pass(3_600_000);

        Assert.Equal(("created", "starting"), (await sim.StateOfAsync(created), await sim.StateOfAsync(updated)));
    }

    [Fact]
    public async Task An_image_can_insist_on_the_shared_mode()
    {
        await using var sim = await StartWithAppAsync();
        await sim.SetSecretsAsync(("USER_ID", "u-1"), ("RUN_MODE", "user_dedicated"));
        await sim.Admin.RegisterImageAsync("registry.fly.io/vyx-app:old", ImageBehaviour.SharedMode);

        var id = await sim.StartedMachineAsync(image: "registry.fly.io/vyx-app:old");

        Assert.Equal("shared_backend", (await sim.GetAsync($"_vm/{Sim.App}/{id}/health")).Json["run_mode"]!.GetValue<string>());
    }
}
