using System.Text;
using FlySim.Admin;

namespace FlySim.Tests;

public abstract class AuthTests(Host host) : HostedTests(host)
{
    public sealed class OverHttp() : AuthTests(Host.Http);

    public sealed class InProcess() : AuthTests(Host.InProcess);

    [Theory]
    [InlineData("Bearer sim-token", 200)]
    [InlineData("FlyV1 sim-token", 200)]
    [InlineData("Bearer FlyV1 sim-token", 401)]
    [InlineData("Basic sim-token", 401)]
    [InlineData("sim-token", 401)]
    [InlineData("Bearer other", 401)]
    [InlineData("", 401)]
    public async Task Only_the_token_in_one_of_two_schemes_opens_the_API(string header, int status)
    {
        await using var sim = await StartAsync();

        var answer = await sim.GetAsync("v1/apps?org_slug=vyx", ("Authorization", header));

        Assert.Equal(status, answer.Status);
        Assert.NotEmpty(answer.Headers["fly-request-id"]);
    }

    [Fact]
    public async Task A_changed_token_closes_the_API_to_the_old_one()
    {
        await using var sim = await StartAsync();

        await sim.Admin.ChangeTokenAsync("FlyV1 fm2_new,fm2_discharge");

        Assert.Equal(401, (await sim.GetAsync("v1/tokens/current")).Status);
        var answer = await sim.GetAsync("v1/tokens/current", ("Authorization", "FlyV1 fm2_new,fm2_discharge"));
        Assert.Equal("vyx", answer.Json["tokens"]![0]!["org_slug"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_token_of_another_organisation_sees_and_lists_nothing_of_the_first()
    {
        await using var sim = await StartAsync();
        await sim.Admin.PlantAppAsync(new PlantApp { Name = "first" });

        await sim.Admin.ChangeOrganisationAsync("another");

        Assert.Equal(403, (await sim.GetAsync("v1/apps/first")).Status);
        Assert.Equal(403, (await sim.GetAsync("v1/apps?org_slug=vyx")).Status);
        Assert.Equal(403, (await sim.GetAsync("v1/orgs/vyx/machines")).Status);
        Assert.Empty((await sim.GetAsync("v1/apps?org_slug=another")).Json["apps"]!.AsArray());
        Assert.Equal("another", (await sim.GetAsync("v1/tokens/current")).Json["tokens"]![0]!["org_slug"]!.GetValue<string>());

        await sim.Admin.ChangeOrganisationAsync("vyx");
        Assert.Equal(200, (await sim.GetAsync("v1/apps/first")).Status);
    }

    [Theory]
    [InlineData("x:sim-token", 200)]
    [InlineData("x:wrong", 401)]
    public async Task The_registry_takes_the_token_as_a_password(string credentials, int status)
    {
        await using var sim = await StartAsync();
        var header = "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));

        var answer = await sim.SendAsync(HttpMethod.Head, "v2/vyx-app/manifests/good", null, ("Authorization", header));

        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 401, answer.Headers.ContainsKey("WWW-Authenticate"));
    }

    [Fact]
    public async Task The_Supabase_stand_in_knows_bad_keys()
    {
        await using var sim = await StartAsync();
        await sim.Admin.SetSupabaseKeysAsync(new SupabaseKeys { Bad = ["revoked"] });

        var good = await sim.GetAsync("_supabase/rest/v1/", ("apikey", "fine"), ("Authorization", "Bearer fine"));
        var bad = await sim.GetAsync("_supabase/rest/v1/", ("apikey", "revoked"), ("Authorization", "Bearer revoked"));

        Assert.Equal(200, good.Status);
        Assert.Equal(401, bad.Status);
        Assert.Equal("Invalid API key", bad.Json["message"]!.GetValue<string>());
    }

    [Fact]
    public async Task With_good_keys_named_every_other_key_is_bad()
    {
        await using var sim = await StartAsync();
        await sim.Admin.SetSupabaseKeysAsync(new SupabaseKeys { Good = ["the-one"] });

        Assert.Equal(200, (await sim.GetAsync("_supabase/rest/v1/", ("apikey", "the-one"), ("Authorization", "Bearer the-one"))).Status);
        Assert.Equal(401, (await sim.GetAsync("_supabase/rest/v1/", ("apikey", "another"), ("Authorization", "Bearer another"))).Status);
    }
}
