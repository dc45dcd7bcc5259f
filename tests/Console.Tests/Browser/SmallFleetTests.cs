using ConsoleTests.Support;
using Microsoft.Playwright;

namespace ConsoleTests.Browser;

public sealed class SmallFleetTests : WorldTest
{
    [Fact]
    public async Task An_operator_sees_who_is_broken_walks_there_by_keyboard_and_forces()
    {
        var (daemon, broken) = await SmallFleet.StartAsync(World);
        await using var chromium = await Chromium.StartAsync();
        var window = await chromium.OpenAsync();
        var page = window.Page;

        await page.GotoAsync(daemon.Address!.AbsoluteUri);
        Assert.StartsWith("4 of 5 users are ready; 1 wrong", await page.InnerTextAsync("h1"), StringComparison.Ordinal);
        var row = await page.InnerTextAsync("table.wrong tbody tr");
        Assert.Contains(broken.App, row, StringComparison.Ordinal);
        Assert.Contains("FlyCapacity", row, StringComparison.Ordinal);
        Assert.Contains("nrt has no room", row, StringComparison.Ordinal);
        Assert.Contains("after a backoff", row, StringComparison.Ordinal);
        await Accessibility.CheckAsync(page);
        await Shots.TakeAsync(page, "console-5-light");

        await SignInByKeyboardAsync(page);
        Assert.Contains("Nora", await page.InnerTextAsync(".session"), StringComparison.Ordinal);

        await ReachAsync(page, $"a.id[href$='{UserOf(broken)}']");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#s-compare");
        Assert.Contains("nrt", await page.InnerTextAsync(".differs"), StringComparison.Ordinal);
        await Accessibility.CheckAsync(page);
        await Shots.TakeAsync(page, "console-user-light");

        await ReachAsync(page, "#why-force");
        await page.Keyboard.TypeAsync("room was made by hand");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync(".said");
        Assert.Contains("Forced", await page.InnerTextAsync(".said"), StringComparison.Ordinal);
        await page.WaitForSelectorAsync("#s-journal :text('room was made by hand')");
        window.AssertClean(daemon.Address);
    }

    [Fact]
    public async Task What_changes_appears_without_a_reload_in_the_dark_too()
    {
        var (daemon, broken) = await SmallFleet.StartAsync(World);
        await using var chromium = await Chromium.StartAsync();
        var window = await chromium.OpenAsync(dark: true);
        var page = window.Page;
        await page.GotoAsync(daemon.Address!.AbsoluteUri);
        Assert.Equal("rgb(21, 23, 26)", await page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor"));
        await Accessibility.CheckAsync(page);
        await Shots.TakeAsync(page, "console-5-dark");
        await page.EvaluateAsync("() => { window.sameDocument = true; }");

        await World.Fly.LimitRegionAsync(SmallFleet.FullRegion, null);
        await World.Database.ExecuteAsync("update public.user_fly_apps set spec = null where user_id = $1", UserOf(broken));

        await page.WaitForSelectorAsync("h1:text('All 5 users are ready.')");
        Assert.Contains("5/5 ready", await page.TitleAsync(), StringComparison.Ordinal);
        Assert.Contains("All 5 users are ready", await page.InnerTextAsync("#announce"), StringComparison.Ordinal);
        Assert.True(await page.EvaluateAsync<bool>("() => window.sameDocument === true"));
        Assert.Contains(window.Requests, url => url.EndsWith("/fragments/fleet", StringComparison.Ordinal));
        window.AssertClean(daemon.Address);
    }

    [Fact]
    public async Task The_picture_is_walked_with_arrow_keys()
    {
        var (daemon, _) = await SmallFleet.StartAsync(World);
        await using var chromium = await Chromium.StartAsync();
        var window = await chromium.OpenAsync();
        var page = window.Page;
        await page.GotoAsync(daemon.Address!.AbsoluteUri);
        var apps = (await World.RowsAsync()).Select(r => r.App).Order(StringComparer.Ordinal).ToList();

        await ReachAsync(page, "#picture");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Keyboard.PressAsync("ArrowRight");
        await page.WaitForSelectorAsync($"#pointed:text('{apps[2]}')");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#s-compare");

        Assert.Contains(apps[2], await page.InnerTextAsync("h1"), StringComparison.Ordinal);
        window.AssertClean(daemon.Address);
    }

    private static Guid UserOf(AppRow row) => row.Json["user_id"]!.GetValue<Guid>();

    private static async Task SignInByKeyboardAsync(IPage page)
    {
        await ReachAsync(page, ".session a");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("#owner");
        await ReachAsync(page, "#owner");
        await page.Keyboard.TypeAsync("Nora");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync(Visitor.Token);
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForSelectorAsync("form.session");
    }

    /// <summary>Tab after Tab, as somebody without a mouse; each stop must be visible.</summary>
    private static async Task ReachAsync(IPage page, string selector)
    {
        for (var i = 0; i < 60; i++)
        {
            // The key is sent, and takes effect when the page gets to it: a second one before that would go too far.
            await page.EvaluateAsync("() => { window.before = document.activeElement; }");
            await page.Keyboard.PressAsync("Tab");
            await page.WaitForFunctionAsync("() => document.activeElement !== window.before");
            if (await page.EvaluateAsync<bool>("s => document.activeElement?.matches(s) ?? false", selector))
            {
                Assert.NotEqual("none", await page.EvaluateAsync<string>("() => getComputedStyle(document.activeElement).outlineStyle"));
                return;
            }
        }

        Assert.Fail($"{selector} cannot be reached with the Tab key");
    }
}
