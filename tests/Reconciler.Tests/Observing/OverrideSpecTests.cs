using Reconciler.Observing;

namespace Reconciler.Tests.Observing;

public sealed class OverrideSpecTests
{
    private static readonly string[] Secrets = ["SUPABASE_SERVICE_ROLE_KEY", "USER_ID"];

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("""{"env":{}}""")]
    public void Nothing_overridden_is_fine(string? json)
    {
        Assert.True(OverrideSpec.TryParse(json, Secrets, out var spec, out var problem));

        Assert.Null(problem);
        Assert.Equal((null, null, null, 0), (spec.Region, spec.Image, spec.Guest, spec.Env.Count));
    }

    [Fact]
    public void Everything_that_may_be_overridden_is_read()
    {
        const string json = """
            {"region":"fra","image":"registry.fly.io/vyx-app:next","guest":{"cpu_kind":"performance","cpus":2,"memory_mb":4096},"env":{"LOG_LEVEL":"debug"}}
            """;

        Assert.True(OverrideSpec.TryParse(json, Secrets, out var spec, out _));

        Assert.Equal(("fra", "registry.fly.io/vyx-app:next", "debug"), (spec.Region, spec.Image, spec.Env["LOG_LEVEL"]));
        Assert.Equal(("performance", 2, 4096), (spec.Guest!.CpuKind, spec.Guest.Cpus, spec.Guest.MemoryMb));
    }

    [Theory]
    [InlineData("{", "not JSON")]
    [InlineData("{\"region\":\"sin\"} x", "not JSON")]
    [InlineData("nonsense", "not JSON")]
    [InlineData("[]", "must be a JSON object")]
    [InlineData("1", "must be a JSON object")]
    [InlineData("""{"regions":"sin"}""", "unknown member 'regions'")]
    [InlineData("""{"regi\u0000on":"sin"}""", "unknown member 'regi?on'")]
    [InlineData("""{"Region":"sin"}""", "unknown member 'Region'")]
    [InlineData("""{"region":1}""", "spec.region")]
    [InlineData("""{"region":null}""", "spec.region")]
    [InlineData("""{"region":"SIN"}""", "spec.region")]
    [InlineData("""{"region":"sin,fra"}""", "spec.region")]
    [InlineData("""{"region":"sin\n"}""", "spec.region")]
    [InlineData("""{"image":1}""", "spec.image")]
    [InlineData("""{"image":""}""", "spec.image")]
    [InlineData("""{"image":"nginx"}""", "spec.image")]
    [InlineData("""{"image":"https://registry.fly.io/x:1"}""", "spec.image")]
    [InlineData("""{"guest":"shared-cpu-2x"}""", "spec.guest")]
    [InlineData("""{"guest":{}}""", "spec.guest")]
    [InlineData("""{"guest":{"cpus":"2","memory_mb":512}}""", "spec.guest.cpus")]
    [InlineData("""{"guest":{"cpus":2.5,"memory_mb":512}}""", "spec.guest.cpus")]
    [InlineData("""{"guest":{"cpus":1e99,"memory_mb":512}}""", "spec.guest.cpus")]
    [InlineData("""{"guest":{"cpus":2,"memory_mb":512,"gpus":1}}""", "spec.guest.gpus")]
    [InlineData("""{"guest":{"cpus":2,"memory_mb":256}}""", "512 to 4096 MB")]
    [InlineData("""{"guest":{"cpus":3,"memory_mb":1024}}""", "1, 2, 4, 6 or 8 CPUs")]
    [InlineData("""{"guest":{"cpus":-1,"memory_mb":-256}}""", "spec.guest")]
    [InlineData("""{"guest":{"cpu_kind":"gpu","cpus":2,"memory_mb":512}}""", "shared or performance")]
    [InlineData("""{"env":[]}""", "spec.env must be an object")]
    [InlineData("""{"env":{"USER_ID":"x"}}""", "it is an app secret")]
    [InlineData("""{"env":{"user_id":"x"}}""", "names are A-Z")]
    [InlineData("""{"env":{"A\n":"x"}}""", "names are A-Z")]
    [InlineData("""{"env":{"1A":"x"}}""", "names are A-Z")]
    [InlineData("""{"env":{"":"x"}}""", "names are A-Z")]
    [InlineData("""{"env":{"A":1}}""", "spec.env.A must be a string")]
    [InlineData("""{"env":{"A":null}}""", "spec.env.A must be a string")]
    [InlineData("""{"env":{"A":"\ud800"}}""", "not Unicode")]
    [InlineData("""{"\udc00":1}""", "not Unicode")]
    [InlineData("""{"region":"fra","image":7}""", "spec.image")]
    public void What_is_wrong_is_said_and_nothing_of_it_is_used(string json, string said)
    {
        Assert.False(OverrideSpec.TryParse(json, Secrets, out var spec, out var problem));

        Assert.Contains(said, problem, StringComparison.Ordinal);
        Assert.Null(spec.Region);
        Assert.DoesNotContain(problem!, char.IsControl);
    }

    [Fact]
    public void A_megabyte_is_refused_before_it_is_parsed()
    {
        var json = "{\"env\":{\"A\":\"" + new string('x', 1024 * 1024) + "\"}}";

        Assert.False(OverrideSpec.TryParse(json, Secrets, out _, out var problem));
        Assert.Equal("spec is longer than 65536 characters", problem);
    }

    [Theory]
    [InlineData('[')]
    [InlineData('{')]
    public void Deep_nesting_is_refused(char open)
    {
        var json = open == '[' ? new string('[', 10_000) : string.Concat(Enumerable.Repeat("{\"env\":", 5_000));

        Assert.False(OverrideSpec.TryParse(json, Secrets, out _, out var problem));
        Assert.Contains("not JSON", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_unknown_name_is_cut()
    {
        Assert.False(OverrideSpec.TryParse($$"""{"{{new string('n', 500)}}":1}""", Secrets, out _, out var problem));
        Assert.InRange(problem!.Length, 1, 150);
    }

    [Fact]
    public void Half_of_a_surrogate_pair_in_the_text_itself_is_refused()
    {
        Assert.False(OverrideSpec.TryParse("{\"region\":\"\ud800\"}", Secrets, out _, out var problem));
        Assert.NotNull(problem);
    }
}
