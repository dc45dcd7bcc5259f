using Microsoft.Playwright;

namespace ConsoleTests.Browser;

/// <summary>Screenshots, when somebody asks for them: the folder is named by <c>CONSOLE_SHOTS</c>.</summary>
internal static class Shots
{
    public static async Task TakeAsync(IPage page, string name)
    {
        if (Environment.GetEnvironmentVariable("CONSOLE_SHOTS") is { Length: > 0 } folder)
        {
            await page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
        }
    }
}
