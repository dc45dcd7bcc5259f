using System.Net;
using ConsoleTests.Support;

namespace ConsoleTests.Processes;

public sealed class LookingTests : WorldTest
{
    [Fact]
    public async Task Without_a_token_everybody_looks_and_nobody_acts()
    {
        var (user, row, _) = await StartAsync();
        using var visitor = new Visitor(World.Programs[0].Address!);

        var (fleet, fleetPage) = await visitor.GetAsync("/");
        var (one, userPage) = await visitor.GetAsync($"/users/{row.App}");
        var (signIn, why) = await visitor.GetAsync("/session");
        using var forced = await visitor.PostAsync("/actions/force", null, [], ("user", user.ToString()), ("reason", "because"));
        using var signed = await visitor.PostAsync("/session", null, [], ("owner", "Nora"), ("token", ""));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.NotFound), (fleet, one, signIn));
        Assert.Contains("read-only", fleetPage, StringComparison.Ordinal);
        Assert.Contains("The one user is ready", fleetPage, StringComparison.Ordinal);
        Assert.DoesNotContain("<button", fleetPage + userPage, StringComparison.Ordinal);
        Assert.Contains("Reconciler__Console__Token", why, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (forced.StatusCode, signed.StatusCode));
        Assert.Equal(0, await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.operator_actions"));
    }

    [Fact]
    public async Task A_user_is_found_by_id_by_name_and_by_a_part_of_it_and_what_is_not_there_helps()
    {
        var (user, row, _) = await StartAsync();
        using var visitor = new Visitor(World.Programs[0].Address!);

        using var byName = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/users?q={row.App}"));
        using var byId = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/users?q=%20{user}%20"));
        var (_, list) = await visitor.GetAsync($"/users?q={row.App[10..14]}");
        var (missing, help) = await visitor.GetAsync("/users/vyx-user-nobody");
        var (nowhere, _) = await visitor.GetAsync("/no/such/page");

        Assert.Equal($"/users/{user}", byName.Headers.Location!.OriginalString);
        Assert.Equal($"/users/{user}", byId.Headers.Location!.OriginalString);
        Assert.Contains(row.App, list, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.NotFound, HttpStatusCode.NotFound), (missing, nowhere));
        Assert.Contains("vyx-user-nobody", help, StringComparison.Ordinal);
        Assert.Contains("/users\"", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_of_the_page_is_sent_again_only_when_it_changed()
    {
        var (user, _, _) = await StartAsync();
        using var visitor = new Visitor(World.Programs[0].Address!);
        using var first = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Get, $"/fragments/users/{user}"));
        var tag = first.Headers.ETag!;

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/fragments/users/{user}");
        again.Headers.IfNoneMatch.Add(tag);
        using var unchanged = await visitor.SendAsync(again);
        await World.Database.ExecuteAsync("select fly_reconciler.pause($1, 'me', 'looking')", user);
        await World.EventuallyRowAsync(user, row => row.Is("Ready", "False", "Paused"), "the pause is seen");
        using var later = new HttpRequestMessage(HttpMethod.Get, $"/fragments/users/{user}");
        later.Headers.IfNoneMatch.Add(tag);
        using var changed = await visitor.SendAsync(later);

        Assert.Equal(HttpStatusCode.NotModified, unchanged.StatusCode);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Contains("looking", await changed.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_page_forbids_what_comes_from_elsewhere()
    {
        var (user, _, _) = await StartAsync();
        using var visitor = new Visitor(World.Programs[0].Address!);
        foreach (var path in new[] { "/", "/users", $"/users/{user}", "/nothing", "/assets/console.css" })
        {
            using var answer = await visitor.SendAsync(new HttpRequestMessage(HttpMethod.Get, path));

            Assert.Contains("default-src 'self'", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
            Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        }
    }

    private async Task<(Guid User, AppRow Row, MachineState Machine)> StartAsync()
    {
        await World.StartReadyAsync();
        return await World.ProvisionAsync();
    }
}
