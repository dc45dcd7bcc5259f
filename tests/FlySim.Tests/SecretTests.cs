using System.Text.Json.Nodes;

namespace FlySim.Tests;

public abstract class SecretTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : SecretTests(Host.Http);

    public sealed class InProcess() : SecretTests(Host.InProcess);

    private static readonly string Path = $"v1/apps/{Sim.App}/secrets";

    [Fact]
    public async Task A_bulk_change_merges_and_null_removes()
    {
        await using var sim = await StartWithAppAsync();

        await sim.SetSecretsAsync(("A", "1"), ("B", "2"));
        await sim.SetSecretsAsync(("B", null), ("C", "3"), ("NEVER_WAS", null));

        Assert.Equal(["A", "C", "SUPABASE_SERVICE_KEY", "SUPABASE_URL"], await NamesAsync(sim));
    }

    [Fact]
    public async Task Every_mutation_raises_the_version_even_one_that_changes_nothing()
    {
        await using var sim = await StartWithAppAsync();

        var first = await sim.SetSecretsAsync(("A", "1"));
        var second = await sim.SetSecretsAsync(("NEVER_WAS", null));
        var third = (await sim.PostAsync(Path + "/B", """{"value":"2"}""")).Json["version"]!.GetValue<long>();
        var fourth = (await sim.DeleteAsync(Path + "/B")).Json["version"]!.GetValue<long>();

        Assert.Equal([first, first + 1, first + 2, first + 3], [first, second, third, fourth]);
    }

    [Fact]
    public async Task A_digest_follows_its_value_and_differs_between_apps()
    {
        await using var sim = await StartWithAppAsync();
        await sim.CreateAppAsync("other");

        await sim.SetSecretsAsync(("A", "1"));
        var one = await DigestAsync(sim, Path);
        await sim.SetSecretsAsync(("A", "2"));
        var two = await DigestAsync(sim, Path);
        await sim.SetSecretsAsync(("A", "1"));
        var again = await DigestAsync(sim, Path);
        await sim.PostAsync("v1/apps/other/secrets/A", """{"value":"1"}""");

        Assert.NotEqual(one, two);
        Assert.Equal(one, again);
        Assert.NotEqual(one, await DigestAsync(sim, "v1/apps/other/secrets"));
    }

    [Fact]
    public async Task Values_cannot_be_read_back()
    {
        await using var sim = await StartWithAppAsync();
        await sim.SetSecretsAsync(("A", "canary-value"));
        await sim.StartedMachineAsync();

        var everything = string.Concat(
            (await sim.GetAsync(Path + "?show_secrets=true")).Body,
            (await sim.GetAsync(Path + "/A")).Body,
            (await sim.GetAsync($"v1/apps/{Sim.App}/machines")).Body,
            (await sim.GetAsync("_sim/state")).Body,
            (await sim.GetAsync("_sim/calls")).Body);

        Assert.DoesNotContain("canary-value", everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_app_without_secrets_answers_an_empty_object()
    {
        await using var sim = await StartAsync();
        await sim.CreateAppAsync("bare");

        Assert.Equal("{}", (await sim.GetAsync("v1/apps/bare/secrets")).Body);
    }

    [Fact]
    public async Task A_missing_secret_is_404_to_get_and_to_delete()
    {
        await using var sim = await StartWithAppAsync();

        Assert.Equal(404, (await sim.GetAsync(Path + "/NOPE")).Status);
        Assert.Equal(404, (await sim.DeleteAsync(Path + "/NOPE")).Status);
    }

    [Fact]
    public async Task A_running_machine_and_its_restart_keep_the_secrets_of_the_boot()
    {
        await using var sim = await StartWithAppAsync();
        var id = await sim.StartedMachineAsync();
        var before = (await sim.TruthOfAsync(id)).BootSecretsVersion;

        await sim.SetSecretsAsync(("SUPABASE_SERVICE_KEY", "key-2"));
        await sim.PostAsync(Sim.Path(id, "/restart"));
        sim.Pass(1000);

        var truth = await sim.TruthOfAsync(id);
        Assert.Equal("started", truth.State);
        Assert.Equal(before, truth.BootSecretsVersion);
        Assert.Equal(FlySimClient.HashOf("key-1"), truth.BootEnvHashes["SUPABASE_SERVICE_KEY"]);
    }

    [Fact]
    public async Task An_update_with_the_minimum_version_boots_with_the_new_secrets()
    {
        await using var sim = await StartWithAppAsync(s => s with { SecretsLagMs = 60_000 });
        sim.Pass(60_000);
        var id = await sim.StartedMachineAsync();

        var version = await sim.SetSecretsAsync(("SUPABASE_SERVICE_KEY", "key-2"));
        await sim.UpdateAsync(id, $",\"min_secrets_version\":{version}");
        sim.Pass(1000);

        var truth = await sim.TruthOfAsync(id);
        Assert.Equal(version, truth.BootSecretsVersion);
        Assert.Equal(FlySimClient.HashOf("key-2"), truth.BootEnvHashes["SUPABASE_SERVICE_KEY"]);
    }

    [Fact]
    public async Task A_launch_right_after_a_set_can_boot_with_older_secrets_when_no_version_is_asked_for()
    {
        await using var sim = await StartWithAppAsync(s => s with { SecretsLagMs = 60_000 });
        sim.Pass(60_000);
        await sim.SetSecretsAsync(("SUPABASE_SERVICE_KEY", "key-2"));

        var id = await sim.StartedMachineAsync();

        Assert.Equal(FlySimClient.HashOf("key-1"), (await sim.TruthOfAsync(id)).BootEnvHashes["SUPABASE_SERVICE_KEY"]);
    }

    [Fact]
    public async Task A_version_that_does_not_exist_yet_is_refused()
    {
        await using var sim = await StartWithAppAsync();

        var answer = await sim.TryCreateMachineAsync(",\"min_secrets_version\":99");

        Assert.Equal(412, answer.Status);
        Assert.Contains("not yet available", answer.Error);
    }

    [Fact]
    public async Task Another_actor_can_change_secrets_and_the_digest_shows_it()
    {
        await using var sim = await StartWithAppAsync();
        await sim.SetSecretsAsync(("A", "1"));
        var before = await DigestAsync(sim, Path);

        await sim.Admin.TamperSecretsAsync(Sim.App, new Dictionary<string, string?> { ["A"] = "tampered", ["SUPABASE_URL"] = null });

        Assert.NotEqual(before, await DigestAsync(sim, Path));
        Assert.Equal(["A", "SUPABASE_SERVICE_KEY"], await NamesAsync(sim));
    }

    private static async Task<string[]> NamesAsync(Sim sim) =>
        [.. (await sim.GetAsync(Path)).Json["secrets"]!.AsArray().Select(s => s!["name"]!.GetValue<string>())];

    private static async Task<string> DigestAsync(Sim sim, string path)
    {
        var secrets = (await sim.GetAsync(path)).Json["secrets"]!.AsArray();
        return secrets.OfType<JsonObject>().Single(s => s["name"]!.GetValue<string>() == "A")["digest"]!.GetValue<string>();
    }
}
