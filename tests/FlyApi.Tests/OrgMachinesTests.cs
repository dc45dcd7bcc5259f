using System.Net;
using System.Text;
using FlyApi.Contracts;
using FlyApi.Tests.Support;
using FlyApi.Wire;

namespace FlyApi.Tests;

public sealed class OrgMachinesTests
{
    internal const string Page = """
        {
          "last_machine_id": "m2", "last_updated_at": "2026-08-02T10:00:00Z", "something": [{"new": {}}],
          "machines": [
            {"app_name": "vyx-user-1", "id": "m1", "name": "vyx", "state": "started", "region": "sin", "version": "v1", "instance_id": "v1",
             "private_ip": "fdaa::1", "created_at": "2026-08-01T10:00:00Z", "updated_at": "2026-08-02T10:00:00.5Z",
             "config": {"guest": {"cpu_kind": "shared", "cpus": 2, "memory_mb": 512}, "image": "registry.fly.io/vyx-app:v1", "metadata": {"a": "b"}}},
            {"config": null, "instance_id": "v2", "state": "started", "id": "m2", "app_name": "vyx-user-2", "name": null, "unknown": 1}
          ],
          "next_cursor": "c1", "error_regions": ["ams"]
        }
        """;

    [Fact]
    public void A_page_is_read()
    {
        var page = Read(Page);

        Assert.Equal(
            [
                new OrgMachine("vyx-user-1", "m1", "vyx", "started", "sin", "v1", new DateTimeOffset(2026, 8, 2, 10, 0, 0, 500, TimeSpan.Zero), "registry.fly.io/vyx-app:v1", 2, 512),
                new OrgMachine("vyx-user-2", "m2", null, "started", null, "v2", null, null, 0, 0),
            ],
            page.Machines);
        Assert.Equal(("c1", "ams"), (page.NextCursor, Assert.Single(page.ErrorRegions)));
        Assert.Same(page.Machines[0].State, page.Machines[1].State);
    }

    [Fact]
    public void Strings_that_repeat_are_shared_between_pages()
    {
        var strings = new LowCardinalityStrings();

        var (first, second) = (OrgMachinesReader.Read(Encoding.UTF8.GetBytes(Page), strings), OrgMachinesReader.Read(Encoding.UTF8.GetBytes(Page), strings));

        Assert.Same(first.Machines[0].Image, second.Machines[0].Image);
    }

    [Theory]
    [InlineData("""{"machines":[],"next_cursor":"more"}""", "more")]
    [InlineData("""{"machines":[],"next_cursor":"","error_regions":null}""", null)]
    [InlineData("""{"machines":[],"next_cursor":null}""", null)]
    [InlineData("""{"machines":[]}""", null)]
    public void An_empty_page_can_have_more_behind_it(string body, string? cursor)
    {
        var page = Read(body);

        Assert.Empty(page.Machines);
        Assert.Equal(cursor, page.NextCursor);
        Assert.Empty(page.ErrorRegions);
    }

    [Theory]
    [InlineData("""{"machines":[{"app_name":"a","id":"m"}]}""")]
    [InlineData("""{"machines":[{"app_name":"a","state":"started"}]}""")]
    [InlineData("""{"machines":[{"id":"m","state":"started"}]}""")]
    [InlineData("""{"machines":[{"app_name":"a","id":"","state":"started"}]}""")]
    [InlineData("""{"machines":[null]}""")]
    [InlineData("""{"machines":null}""")]
    [InlineData("""{"next_cursor":"c"}""")]
    [InlineData("""{"machines":[],"next_cursor":7}""")]
    [InlineData("""{"machines":[],"error_regions":"ams"}""")]
    [InlineData("""{"machines":[]}{"machines":[]}""")]
    [InlineData("""[]""")]
    [InlineData("""{"machines":[{"app_name":"a","id":"m","state":"s","config":{"guest":{"cpus":-1}}}]}""")]
    public async Task A_malformed_page_is_an_error_as_a_whole(string body)
    {
        using var fly = new FlyFixture(options => options with { MaxRetries = 0 });
        fly.Handler.Answer(HttpStatusCode.OK, body);

        var failure = await fly.Fails(fly.Api.ListOrgMachinesAsync("org", new OrgMachinesQuery(), default));

        Assert.Equal((FlyErrorClass.Transient, FlyErrorDetail.UnreadableAnswer), (failure.Class, failure.Detail));
    }

    [Fact]
    public void Varied_input_costs_sharing_and_not_memory()
    {
        var strings = new LowCardinalityStrings();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal($"value-{i}", strings.Get(Encoding.UTF8.GetBytes($"value-{i}")));
        }

        Assert.Equal(new string('x', 1_000), strings.Get(Encoding.UTF8.GetBytes(new string('x', 1_000))));
    }

    [Fact]
    public void A_row_costs_little_more_than_the_strings_it_needs()
    {
        var row = """{"app_name":"vyx-user-00000001","id":"148e21ea7d4289","name":"vyx","state":"started","region":"sin","version":"01JB1111111111111111111111","instance_id":"01JB1111111111111111111111","config":{"image":"registry.fly.io/vyx-app:v1","guest":{"cpus":2,"memory_mb":512},"metadata":{"k":"v"}}}""";
        var page = Encoding.UTF8.GetBytes($$"""{"machines":[{{string.Join(',', Enumerable.Repeat(row, 1_000))}}]}""");
        var strings = new LowCardinalityStrings();
        OrgMachinesReader.Read(page, strings);

        var before = GC.GetAllocatedBytesForCurrentThread();
        OrgMachinesReader.Read(page, strings);

        // Two ids, a name and a version are about 230 bytes; the struct in a list that doubles, about 240.
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 1_000, 1, 600);
    }

    [Fact]
    public async Task The_query_says_which_part_is_wanted_and_a_cursor_wins()
    {
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.OK, """{"machines":[]}""");
        var since = new DateTimeOffset(2026, 9, 1, 8, 0, 0, TimeSpan.FromHours(8));

        await fly.Api.ListOrgMachinesAsync("org", new OrgMachinesQuery(since, IncludeDeleted: true, Limit: 500), default);
        await fly.Api.ListOrgMachinesAsync("org", new OrgMachinesQuery(since, Cursor: "a+b="), default);

        Assert.Equal(
            [
                "/v1/orgs/org/machines?updated_after=2026-09-01T00%3A00%3A00.0000000Z&include_deleted=true&limit=500",
                "/v1/orgs/org/machines?cursor=a%2Bb%3D&limit=1000",
            ],
            fly.Handler.Sent.Select(sent => sent.Path));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1001)]
    public async Task A_limit_that_Fly_does_not_know_is_refused(int limit)
    {
        using var fly = new FlyFixture();

        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(
            () => fly.Api.ListOrgMachinesAsync("org", new OrgMachinesQuery(Limit: limit), default));
    }

    private static OrgMachinesPage Read(string body) => OrgMachinesReader.Read(Encoding.UTF8.GetBytes(body), new LowCardinalityStrings());
}
