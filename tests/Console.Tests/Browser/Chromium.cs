using Microsoft.Playwright;

namespace ConsoleTests.Browser;

/// <summary>Debian's Chromium, driven by Playwright; nothing is downloaded, and nothing but the console is reached.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const string Executable = "/usr/bin/chromium";

    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private Chromium(IPlaywright playwright, IBrowser browser) => (_playwright, _browser) = (playwright, browser);

    public static async Task<Chromium> StartAsync()
    {
        Assert.True(File.Exists(Executable), $"{Executable} is missing: scripts/prerequisites.sh installs it");
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = Executable,
            Headless = true,
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-extensions", "--disable-default-apps",
            ],
        });
        return new Chromium(playwright, browser);
    }

    /// <summary>A window of its own, with no memory of another's.</summary>
    public async Task<Window> OpenAsync(bool dark = false, int height = 900)
    {
        var context = await _browser.NewContextAsync(new BrowserNewContextOptions
        {
            ColorScheme = dark ? ColorScheme.Dark : ColorScheme.Light,
            ViewportSize = new ViewportSize { Width = 1240, Height = height },
            ReducedMotion = ReducedMotion.Reduce,
        });
        return new Window(await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>A page that remembers what it asked for and what went wrong in it.</summary>
internal sealed class Window
{
    private readonly List<string> _errors = [];
    private readonly List<string> _requests = [];

    public Window(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _errors.Add($"{message.Type}: {message.Text}");
            }
        };
        page.PageError += (_, error) => _errors.Add(error);
        page.Request += (_, request) => _requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>What the browser's console showed, and uncaught exceptions.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Every address that was asked for.</summary>
    public IReadOnlyList<string> Requests => _requests;

    /// <summary>Fails on anything in the browser's console, and on any request to elsewhere.</summary>
    public void AssertClean(Uri console)
    {
        Assert.Empty(_errors);
        Assert.NotEmpty(_requests);
        Assert.All(_requests, url => Assert.StartsWith(console.GetLeftPart(UriPartial.Authority) + "/", url, StringComparison.Ordinal));
    }
}
