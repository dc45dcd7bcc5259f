using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlyApi.Contracts;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class MachineTests
{
    [Fact]
    public async Task A_machine_is_read_in_full()
    {
        var machine = await Get(Answers.Machine);

        Assert.Equal(("148e21ea7d4289", "vyx", "started", "sin"), (machine.Id, machine.Name, machine.State, machine.Region));
        Assert.Equal("01JB1111111111111111111111", machine.InstanceId);
        Assert.Equal(new DateTimeOffset(2026, 8, 2, 10, 0, 0, TimeSpan.Zero), machine.UpdatedAt);
        Assert.Equal("sha256:abc", machine.ImageRef!.Digest);
        Assert.Equal(("ok", "nonce-1"), (machine.HostStatus, machine.Nonce));
        Assert.Equal(("shared", 2, 512), (machine.Config!.Guest!.CpuKind, machine.Config.Guest.Cpus, machine.Config.Guest.MemoryMb));
        Assert.Equal(["MODE"], machine.Config.Env!.Keys);
        Assert.Equal("10s", machine.Config.Checks!["health"].Timeout);
    }

    [Fact]
    public async Task Checks_that_Fly_injects_are_dropped()
    {
        var machine = await Get(Answers.Machine);

        Assert.Equal(["health"], machine.Checks.Select(check => check.Name));
    }

    [Fact]
    public async Task Events_are_newest_first_and_tell_how_the_machine_exited()
    {
        var machine = await Get(Answers.Machine);

        Assert.Equal(["exit", "start"], machine.Events.Select(entry => entry.Type));
        Assert.Equal((137, true, false, true, 3), (
            machine.Events[0].ExitCode, machine.Events[0].OomKilled, machine.Events[0].RequestedStop, machine.Events[0].Restarting,
            machine.Events[0].RestartCount));
    }

    [Theory]
    [InlineData("""{"id":"m","state":"hibernating_sideways"}""")]
    [InlineData("""{"id":"m","state":"hibernating_sideways","config":null,"checks":null,"events":null,"image_ref":null,"host_status":"unreachable","incomplete_config":{"image":"x"}}""")]
    [InlineData("""{"id":"m","state":"hibernating_sideways","created_at":"2026-09-01 00:00:00 +0000 UTC","updated_at":{"odd":1},"events":[null,{"type":"x","request":[1]},{"request":{"exit_event":7,"restart_count":"many"}}],"checks":[null,{}]}""")]
    [InlineData("""{"id":"m","state":"hibernating_sideways","config":{"guest":{"cpus":"2","memory_mb":512.0},"restart":null,"auto_destroy":null,"services":null}}""")]
    public async Task What_Fly_leaves_out_or_invents_is_tolerated(string body)
    {
        var machine = await Get(body);

        Assert.Equal("hibernating_sideways", machine.State);
        Assert.True(MachineStates.IsTransient(machine.State));
        Assert.Empty(machine.Checks);
    }

    [Fact]
    public async Task The_older_instance_id_is_the_version_when_there_is_no_other()
    {
        Assert.Equal("i1", (await Get("""{"id":"m","state":"s","instance_id":"i1"}""")).InstanceId);
        Assert.Equal("i1", (await Get("""{"id":"m","state":"s","instance_id":"i1","version":""}""")).InstanceId);
    }

    [Theory]
    [InlineData("false", "off")]
    [InlineData("true", "stop")]
    [InlineData("\"suspend\"", "suspend")]
    public async Task Autostop_is_read_as_the_text_that_was_sent(string answered, string expected)
    {
        var machine = await Get($$$"""{"id":"m","state":"s","config":{"services":[{"autostop":{{{answered}}},"internal_port":1}]}}""");

        Assert.Equal(expected, machine.Config!.Services!.Value[0].GetProperty("autostop").GetString());
        Assert.Equal(1, machine.Config.Services.Value[0].GetProperty("internal_port").GetInt32());
    }

    [Fact]
    public async Task An_update_made_from_what_was_read_keeps_every_member_that_we_do_not_know()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, Answers.Machine);
        var machine = (await fly.Api.GetMachineAsync("app", "m", default))!;

        await fly.Api.UpdateMachineAsync("app", "m", new UpdateMachineRequest { Config = machine.Config! with { Image = "new" } }, default);

        var expected = JsonNode.Parse(Answers.Machine)!["config"]!.AsObject();
        expected["image"] = "new";
        expected["env"]!.AsObject().Remove("EMPTY");
        expected["checks"]!["health"]!["timeout"] = "10s";
        expected["services"]![0]!["autostop"] = "off";
        Assert.True(JsonNode.DeepEquals(expected, JsonNode.Parse(fly.Handler.Sent[1].Body!)!["config"]), fly.Handler.Sent[1].Body);
    }

    [Fact]
    public async Task Nothing_that_was_not_said_is_written()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, Answers.Machine);

        await fly.Api.CreateMachineAsync(
            "app", new CreateMachineRequest { Name = "vyx", Region = "sin", Config = new MachineConfig { Image = "i" } }, default);

        Assert.Equal("""{"name":"vyx","region":"sin","config":{"image":"i"}}""", fly.Handler.Sent[0].Body);
    }

    [Fact]
    public async Task A_create_and_an_update_carry_what_was_said()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, Answers.Machine);
        var config = new MachineConfig { Image = "i", Guest = new Guest("shared", 2, 512), Restart = new RestartPolicy("always") };

        await fly.Api.CreateMachineAsync(
            "app",
            new CreateMachineRequest { Name = "vyx", Region = "sin", Config = config, SkipLaunch = true, MinSecretsVersion = 7, LeaseTtl = 30 },
            default);
        await fly.Api.UpdateMachineAsync(
            "app", "m", new UpdateMachineRequest { Config = config, Region = "sin", CurrentVersion = "v1", MinSecretsVersion = 8 }, default, "n1");

        const string sentConfig = """{"image":"i","guest":{"cpu_kind":"shared","cpus":2,"memory_mb":512},"restart":{"policy":"always"}}""";
        Assert.Equal(
            $$"""{"name":"vyx","region":"sin","config":{{sentConfig}},"skip_launch":true,"min_secrets_version":7,"lease_ttl":30}""",
            fly.Handler.Sent[0].Body);
        Assert.Equal(
            $$"""{"config":{{sentConfig}},"region":"sin","current_version":"v1","min_secrets_version":8}""", fly.Handler.Sent[1].Body);
        Assert.Equal("n1", fly.Handler.Sent[1].Headers["fly-machine-lease-nonce"]);
    }

    [Fact]
    public async Task A_taken_name_tells_the_machine_that_holds_it()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(
            HttpStatusCode.Conflict,
            Answers.Error("already_exists: unique machine name violation, machine ID 148e21ea7d4289 already exists with name vyx"));

        var failure = await fly.Fails(fly.Api.CreateMachineAsync(
            "app", new CreateMachineRequest { Name = "vyx", Region = "sin", Config = new MachineConfig { Image = "i" } }, default));

        Assert.Equal((FlyErrorDetail.MachineNameTaken, "148e21ea7d4289", "req-1"), (failure.Detail, failure.ExistingMachineId, failure.RequestId));
    }

    [Fact]
    public async Task A_machine_that_Fly_does_not_know_is_null()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.NotFound, Answers.Error("machine not found"));

        Assert.Null(await fly.Api.GetMachineAsync("app", "m", default));
    }

    [Fact]
    public async Task The_list_of_an_app_is_read()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, $"[{Answers.Machine},{Answers.Machine}]").Answer(HttpStatusCode.OK, "[]");

        Assert.Equal(2, (await fly.Api.ListMachinesAsync("app", default)).Count);
        Assert.Empty(await fly.Api.ListMachinesAsync("app", default));
    }

    [Fact]
    public async Task Metadata_is_patched_with_null_for_what_is_removed()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.NoContent);

        await fly.Api.PatchMetadataAsync("app", "m", new Dictionary<string, string?> { ["a"] = "1", ["b"] = null }, default);

        var sent = Assert.Single(fly.Handler.Sent);
        Assert.Equal((HttpMethod.Patch, "/v1/apps/app/machines/m/metadata"), (sent.Method, sent.Path));
        Assert.Equal("""{"metadata":{"a":"1","b":null}}""", sent.Body);
    }

    private static async Task<Machine> Get(string body)
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, body);
        return (await fly.Finish(fly.Api.GetMachineAsync("app", "m", default)))!;
    }
}
