using System.Globalization;
using System.Text.RegularExpressions;

namespace Simulation.Mutants;

/// <summary>What a suite said.</summary>
/// <param name="Complaints">The tests or rules that failed; empty when it passed.</param>
/// <param name="Asked">False when it had nothing to ask.</param>
internal sealed record Answer(IReadOnlyList<string> Complaints, bool Asked = true);

/// <summary>
/// Copies of the built suites, in which the product's assembly is exchanged for a sabotaged one. They lie below the checkout, as
/// some tests look for its files above themselves.
/// </summary>
internal sealed partial class Bench(int number, Campaigns campaigns)
{
    /// <summary>A mutant with which a suite does not end is caught by that, so this is far more than a crowded machine needs.</summary>
    private static readonly TimeSpan SuiteLimit = TimeSpan.FromMinutes(6);

    /// <summary>One process, as the benches share the cores; and one failure says all that is asked here.</summary>
    private static readonly string[] Alone = ["--processes", "1", "--failures", "1"];

    private readonly HashSet<string> _copied = [];

    public string Folder { get; } = Checkout.PathOf($"tests/Simulation/bin/mutants/{number}");

    public static string ProjectOf(Suite suite) => suite switch
    {
        Suite.ReconcilerTests => "Reconciler.Tests",
        Suite.FlyApiTests => "FlyApi.Tests",
        Suite.StoreTests => "Store.Tests",
        _ => "Simulation",
    };

    /// <param name="assembly">The sabotaged one; null for the unharmed product.</param>
    public Answer Ask(Suite suite, string? filter, string? assembly)
    {
        var folder = CopyOf(ProjectOf(suite));
        if (assembly is null)
        {
            return Run(suite, filter, folder);
        }

        var place = Path.Combine(folder, Path.GetFileName(assembly));
        var unharmed = File.ReadAllBytes(place);
        File.Copy(assembly, place, overwrite: true);
        try
        {
            return Run(suite, filter, folder);
        }
        finally
        {
            File.WriteAllBytes(place, unharmed);
        }
    }

    private Answer Run(Suite suite, string? filter, string folder) => suite switch
    {
        Suite.Load => Simulate(folder, ["load"]),
        Suite.Sweep => Simulate(folder, ["sweep", "--every", Text(campaigns.SweepStride), .. Alone]),
        Suite.Seeds => Simulate(folder, ["seeds", "--count", Text(campaigns.SeedCount), "--from", Text(campaigns.FirstSeed), .. Alone]),
        _ => Test(folder, ProjectOf(suite), filter),
    };

    /// <summary>Exit codes above say that somebody else ended the suite: that is no complaint.</summary>
    private const int KilledBySignal = 128;

    private Answer Simulate(string folder, string[] words)
    {
        var (code, text) = Shell.Run(
            "dotnet", [Path.Combine(folder, "Simulation.dll"), .. words], Checkout.Root, SuiteLimit);
        return code switch
        {
            0 => new Answer([]),
            Shell.TooLong => new Answer([text]),
            > KilledBySignal => new Answer([], Asked: false),
            _ => new Answer([Complaint().Match(text) is { Success: true } said ? Said(said.Groups[1].Value, said.Groups[2].Value) : $"exit code {code}"]),
        };
    }

    /// <summary>A campaign names the run and, a line below, what was wrong with it; other commands have one line.</summary>
    private static string Said(string first, string below) => below.Length == 0 ? first.Trim() : $"{below.Trim()} ({first.Trim()})";

    private static Answer Test(string folder, string project, string? filter)
    {
        string[] narrowed = filter is null ? [] : ["--filter", filter];
        var (code, text) = Shell.Run(
            "dotnet", ["test", Path.Combine(folder, $"{project}.dll"), "--nologo", .. narrowed], folder, SuiteLimit);
        if (text.Contains("No test matches", StringComparison.Ordinal))
        {
            return new Answer([], Asked: false);
        }

        var failed = FailedTest().Matches(text).Select(m => m.Groups[1].Value.Trim()).Distinct().ToList();
        return (code, failed) switch
        {
            (0, _) => new Answer([]),
            (Shell.TooLong, _) => new Answer([text]),
            ( > KilledBySignal, _) => new Answer([], Asked: false),
            (_, []) => new Answer([$"exit code {code}"]),
            _ => new Answer(failed),
        };
    }

    private string CopyOf(string project)
    {
        var (from, to) = (Checkout.PathOf($"tests/{project}/bin/Release/net10.0"), Path.Combine(Folder, project));
        if (_copied.Add(project))
        {
            foreach (var file in Directory.EnumerateFiles(from, "*", SearchOption.AllDirectories))
            {
                var place = Path.Combine(to, Path.GetRelativePath(from, file));
                Directory.CreateDirectory(Path.GetDirectoryName(place)!);
                File.Copy(file, place, overwrite: true);
            }
        }

        return to;
    }

    private static string Text(IFormattable number) => number.ToString(null, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ *FAILED +(.+)(?:\n {8}(.+))?$", RegexOptions.Multiline)]
    private static partial Regex Complaint();

    [GeneratedRegex(@"^\[xUnit[^\]]*\]\s+(.+?) \[FAIL\]", RegexOptions.Multiline)]
    private static partial Regex FailedTest();
}

/// <summary>Which runs of the simulation a mutant has to get past.</summary>
/// <param name="SweepStride">A prime, so that it falls in with no pattern of the sweep's order.</param>
/// <param name="FirstSeed">The unharmed product must pass from here on, or no failure would say anything.</param>
internal sealed record Campaigns(int SweepStride, int SeedCount, ulong FirstSeed);
