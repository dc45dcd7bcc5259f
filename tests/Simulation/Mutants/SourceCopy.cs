using System.Diagnostics;
using System.Text.RegularExpressions;

namespace Simulation.Mutants;

/// <param name="Caught">Whether a suite failed.</param>
/// <param name="By">Which, and the first thing that it said.</param>
internal sealed record MutantVerdict(bool Caught, string By);

/// <summary>A copy of the tracked files in a temporary folder, in which one file at a time is sabotaged, built and tested.</summary>
internal sealed class SourceCopy : IDisposable
{
    private static readonly TimeSpan BuildLimit = TimeSpan.FromMinutes(6);

    /// <summary>A mutant that makes a suite run for ever is caught by that.</summary>
    private static readonly TimeSpan SuiteLimit = TimeSpan.FromMinutes(5);

    private readonly DirectoryInfo _folder;
    private readonly bool _keep;

    private SourceCopy(DirectoryInfo folder, bool keep) => (_folder, _keep) = (folder, keep);

    /// <exception cref="DirectoryNotFoundException">This program does not stand inside a checkout.</exception>
    public static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Reconciler.sln")))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException("no Reconciler.sln above this program: run it from a checkout");
    }

    public static SourceCopy Of(string root, bool keep)
    {
        var folder = Directory.CreateTempSubdirectory("mutants-");
        var (_, files) = Run("git", ["-C", root, "ls-files", "-z"], root, TimeSpan.FromMinutes(1));
        foreach (var file in files.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var (from, to) = (Path.Combine(root, file), Path.Combine(folder.FullName, file));
            if (File.Exists(from))
            {
                Directory.CreateDirectory(Path.GetDirectoryName(to)!);
                File.Copy(from, to);
            }
        }

        return new SourceCopy(folder, keep);
    }

    /// <summary>Why the mutant cannot be made; null when it can.</summary>
    public string? ProblemOf(Mutant mutant)
    {
        var path = PathOf(mutant);
        if (!File.Exists(path))
        {
            return $"{mutant.File} does not exist";
        }

        var count = Regex.Count(File.ReadAllText(path), Regex.Escape(mutant.Find));
        return count == 1 ? null : $"its text occurs {count} times in {mutant.File}";
    }

    public bool Build(out string output)
    {
        // The unharmed sources are warning-free; a defect may leave something unused behind.
        string[] projects = ["tests/Simulation/Simulation.csproj", "tests/Reconciler.Tests/Reconciler.Tests.csproj"];
        foreach (var project in projects)
        {
            if (!BuildProject(project, out output))
            {
                return false;
            }
        }

        output = "";
        return true;
    }

    public MutantVerdict Try(Mutant mutant)
    {
        if (ProblemOf(mutant) is { } problem)
        {
            return new MutantVerdict(false, problem);
        }

        var path = PathOf(mutant);
        var original = File.ReadAllText(path);
        File.WriteAllText(path, original.Replace(mutant.Find, mutant.Replace, StringComparison.Ordinal));
        try
        {
            foreach (var suite in mutant.Suites)
            {
                if (Ask(suite) is { } caught)
                {
                    return new MutantVerdict(true, $"{suite}: {caught}");
                }
            }

            return new MutantVerdict(false, $"asked {string.Join(", ", mutant.Suites)}");
        }
        finally
        {
            File.WriteAllText(path, original);
        }
    }

    /// <summary>What the suite said first; null when it noticed nothing.</summary>
    private string? Ask(Suite suite)
    {
        var project = suite switch
        {
            Suite.ReconcilerTests => "Reconciler.Tests",
            Suite.FlyApiTests => "FlyApi.Tests",
            Suite.StoreTests => "Store.Tests",
            _ => "Simulation",
        };
        if (!BuildProject($"tests/{project}/{project}.csproj", out var output))
        {
            return "does not build: " + FirstOf(output, "error");
        }

        var (code, text) = suite switch
        {
            Suite.Sweep => Simulate("sweep", "--every", "9"),
            Suite.Seeds => Simulate("seeds", "--count", "3000", "--from", "1"),
            Suite.Fleet => Simulate("fleet", "--users", "200"),
            _ => Run("dotnet", ["test", $"tests/{project}/{project}.csproj", "-c", "Release", "--no-build", "--nologo"], _folder.FullName, SuiteLimit),
        };
        return code == 0 ? null : FirstOf(text, suite is Suite.Sweep or Suite.Seeds or Suite.Fleet ? "        " : "[FAIL]");
    }

    private bool BuildProject(string project, out string output)
    {
        var (code, text) = Run(
            "dotnet",
            ["build", project, "-c", "Release", "-v", "quiet", "--nologo", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false"],
            _folder.FullName,
            BuildLimit);
        output = text;
        return code == 0;
    }

    private (int Code, string Output) Simulate(params string[] arguments) => Run(
        "dotnet", ["tests/Simulation/bin/Release/net10.0/Simulation.dll", .. arguments], _folder.FullName, SuiteLimit);

    private static string FirstOf(string text, string mark) => text.Split('\n')
        .Select(l => l.TrimEnd())
        .FirstOrDefault(l => l.Contains(mark, StringComparison.Ordinal) && l.Trim().Length > 0)?.Trim() is { } line
            ? line[..Math.Min(line.Length, 200)]
            : "it failed";

    private string PathOf(Mutant mutant) => Path.Combine(_folder.FullName, mutant.File);

    private static (int Code, string Output) Run(string program, IEnumerable<string> arguments, string folder, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["DOTNET_NOLOGO"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} could not be started");
        var output = new System.Text.StringBuilder();
        var gate = new Lock();
        DataReceivedEventHandler take = (_, line) =>
        {
            lock (gate)
            {
                output.Append(line.Data).Append('\n');
            }
        };
        process.OutputDataReceived += take;
        process.ErrorDataReceived += take;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        if (!process.WaitForExit(limit))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            return (124, $"        it did not end within {limit}");
        }

        process.WaitForExit();
        return (process.ExitCode, output.ToString());
    }

    public void Dispose()
    {
        if (_keep)
        {
            Console.Out.WriteLine($"the copy stays in {_folder.FullName}");
        }
        else
        {
            _folder.Delete(recursive: true);
        }
    }
}
