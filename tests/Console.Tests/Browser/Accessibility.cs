using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace ConsoleTests.Browser;

/// <summary>axe-core's rules (WCAG 2 A and AA, and its best practices) on the page as it stands.</summary>
internal static class Accessibility
{
    private static readonly Lazy<string> Script = new(() =>
    {
        var assembly = typeof(AxeResult).Assembly;
        var name = assembly.GetManifestResourceNames().Single(n => n.EndsWith("axe.min.js", StringComparison.Ordinal));
        using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return reader.ReadToEnd();
    });

    public static async Task CheckAsync(IPage page)
    {
        // As the driver's own code: a script element would be refused by the page's content security policy.
        await page.EvaluateAsync(Script.Value + "; undefined");
        var findings = await page.EvaluateAsync<string[]>("""
            async () => (await axe.run(document)).violations
              .map(v => `${v.impact} ${v.id}: ${v.help}\n` + v.nodes.slice(0, 5).map(n => '    ' + n.html.slice(0, 160) + ' ' + n.failureSummary).join('\n'))
            """);
        Assert.True(findings.Length == 0, string.Join('\n', findings));
        var rules = await page.EvaluateAsync<int>("async () => (await axe.run(document)).passes.length");
        Assert.True(rules > 15, $"only {rules} rules had something to look at");
    }
}
