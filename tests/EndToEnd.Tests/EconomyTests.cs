namespace EndToEnd.Tests;

/// <summary>What a settled fleet costs.</summary>
public sealed class EconomyTests : WorldTest
{
    [Fact]
    public async Task A_settled_fleet_costs_pages_of_the_list_alone_and_writes_no_row()
    {
        const int Users = 30;
        const int PageSize = 20;
        await World.Fly.ChangeSettingsAsync(s => s with { MaxPageSize = PageSize });
        var users = new List<Guid>();
        for (var i = 0; i < Users; i++)
        {
            users.Add(await World.Data.CreateUserAsync("pro"));
        }

        await World.StartReadyAsync(("Reconciler__Workers", "8"), ("Reconciler__InformerInterval", "00:00:00.5"), ("Reconciler__FullListInterval", "00:00:02"));
        foreach (var user in users)
        {
            await World.ConvergedAsync(user);
        }

        await World.LooksAsync(6); // our own changes come back as news for a while
        var since = await World.NowAsync();
        var before = await VersionsAsync();
        await World.EventuallyAsync(async () => await FullListsAsync(since) >= 4, "four full lists");

        var calls = await World.Fly.CallsAsync(since);
        Assert.DoesNotContain(calls, c => c.App is not null && c.Operation != "orgs.machines" && !c.Operation.StartsWith("registry.", StringComparison.Ordinal));
        Assert.All(calls, c => Assert.True(c.Operation is "orgs.machines" || c.Operation.StartsWith("registry.", StringComparison.Ordinal), c.Operation));
        var expected = (Users + Neighbours.Names.Count - 1 + PageSize - 1) / PageSize; // one neighbour is in another organisation
        var pages = calls.Where(IsFull).ToList();
        var lists = pages.Count(c => !c.Query!.Contains("cursor=", StringComparison.Ordinal));
        Assert.InRange(pages.Count, ((lists - 1) * expected) + 1, (lists + 1) * expected);
        Assert.Equal(before, await VersionsAsync());
    }

    private async Task<int> FullListsAsync(long since) =>
        (await World.Fly.CallsAsync(since)).Count(c => IsFull(c) && !c.Query!.Contains("cursor=", StringComparison.Ordinal));

    private static bool IsFull(LoggedCall call) =>
        call.Operation == "orgs.machines" && call.Query?.Contains("updated_after", StringComparison.Ordinal) is not true;

    /// <summary>The version of each row: a write that changes nothing would show, too.</summary>
    private Task<List<string>> VersionsAsync() => World.Database.ListAsync<string>("""
        select a.user_id || ' ' || a.xmin || ' ' || a.ctid from public.user_fly_apps a
        union all select 'events ' || count(*) from public.user_fly_app_events
        union all select o.app_name || ' ' || o.xmin from fly_reconciler.ownership o
        order by 1
        """);
}
