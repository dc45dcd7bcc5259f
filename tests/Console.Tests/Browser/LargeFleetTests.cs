using System.Diagnostics;
using System.Text;
using ConsoleTests.Support;
using Microsoft.Playwright;
using Xunit.Abstractions;

namespace ConsoleTests.Browser;

public sealed class LargeFleetTests(ITestOutputHelper output) : WorldTest
{
    private const int Users = 5_000;
    private const int Limit = 300_000;

    [Fact]
    public async Task The_first_view_of_5000_users_is_small_and_complete()
    {
        await FleetSeed.SeedAsync(World.Database, Users);
        var daemon = await World.StartReadyAsync();
        using var http = new HttpClient { BaseAddress = daemon.Address };
        var began = Stopwatch.GetTimestamp();
        var first = await http.GetStringAsync(new Uri("/", UriKind.Relative));
        var took = Stopwatch.GetElapsedTime(began);
        var size = Encoding.UTF8.GetByteCount(first);
        foreach (var part in new[] { "/assets/console.css", "/assets/console.js", "/assets/icon.svg" })
        {
            size += (await http.GetByteArrayAsync(new Uri(part, UriKind.Relative))).Length;
        }

        output.WriteLine($"{Users} users: {size} bytes with style and script, page in {took.TotalMilliseconds:0} ms");
        Assert.InRange(size, 10_000, Limit);
        Assert.Contains($"5000 users", first, StringComparison.Ordinal);

        await using var chromium = await Chromium.StartAsync();
        var window = await chromium.OpenAsync();
        began = Stopwatch.GetTimestamp();
        await window.Page.GotoAsync(daemon.Address!.AbsoluteUri);
        await window.Page.WaitForSelectorAsync("#picture[data-walked]");
        output.WriteLine($"in Chromium, loaded and ready to be walked after {Stopwatch.GetElapsedTime(began).TotalMilliseconds:0} ms");
        await Shots.TakeAsync(window.Page, "console-5000-light");
        window.AssertClean(daemon.Address);

        var dark = await chromium.OpenAsync(dark: true);
        await dark.Page.GotoAsync(daemon.Address.AbsoluteUri);
        await Shots.TakeAsync(dark.Page, "console-5000-dark");
        dark.AssertClean(daemon.Address);
    }
}
