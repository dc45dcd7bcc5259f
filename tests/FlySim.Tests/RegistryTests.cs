using FlySim.Admin;

namespace FlySim.Tests;

public abstract class RegistryTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : RegistryTests(Host.Http);

    public sealed class InProcess() : RegistryTests(Host.InProcess);

    [Theory]
    [InlineData("GET")]
    [InlineData("HEAD")]
    public async Task A_tag_answers_its_digest(string method)
    {
        await using var sim = await StartAsync();
        var image = await sim.Admin.RegisterImageAsync("registry.fly.io/vyx-app:v2");

        var answer = await sim.SendAsync(new HttpMethod(method), "v2/vyx-app/manifests/v2", null);

        Assert.Equal(200, answer.Status);
        Assert.Equal(image.Digest, answer.Headers["docker-content-digest"]);
        Assert.Equal(method == "HEAD", answer.Body.Length == 0);
    }

    [Fact]
    public async Task A_digest_answers_itself()
    {
        await using var sim = await StartAsync();
        var image = await sim.Admin.RegisterImageAsync("registry.fly.io/vyx-app:v2");

        var answer = await sim.GetAsync("v2/vyx-app/manifests/" + image.Digest);

        Assert.Equal(image.Digest, answer.Headers["docker-content-digest"]);
    }

    [Fact]
    public async Task What_it_does_not_hold_is_unknown()
    {
        await using var sim = await StartAsync();

        var answer = await sim.GetAsync("v2/vyx-app/manifests/nope");

        Assert.Equal(404, answer.Status);
        Assert.Equal("MANIFEST_UNKNOWN", answer.Json["errors"]![0]!["code"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_fresh_push_takes_its_time_to_be_seen()
    {
        await using var sim = await StartWithAppAsync();
        await sim.Admin.RegisterImageAsync(new RegisterImage { Repo = "vyx-app", Tag = "fresh", AvailableAfterMs = 10_000 });
        const string Ref = "registry.fly.io/vyx-app:fresh";

        Assert.Equal(400, (await sim.TryCreateMachineAsync(image: Ref)).Status);
        sim.Pass(10_000);
        Assert.Equal(200, (await sim.TryCreateMachineAsync(image: Ref)).Status);
    }

    [Fact]
    public async Task A_removed_image_is_gone_for_new_machines_and_a_second_removal_is_an_error()
    {
        await using var sim = await StartWithAppAsync();

        await sim.Admin.RemoveImageAsync(Sim.Image);

        Assert.Equal(400, (await sim.TryCreateMachineAsync()).Status);
        await Assert.ThrowsAsync<HttpRequestException>(() => sim.Admin.RemoveImageAsync(Sim.Image));
    }

    [Fact]
    public async Task Deleting_the_app_that_owns_a_repository_deletes_its_images()
    {
        await using var sim = await StartWithAppAsync();
        await sim.CreateAppAsync("vyx-app");

        await sim.DeleteAsync("v1/apps/vyx-app");
        sim.Pass(200);

        Assert.Equal(404, (await sim.GetAsync("v2/vyx-app/manifests/good")).Status);
    }
}
