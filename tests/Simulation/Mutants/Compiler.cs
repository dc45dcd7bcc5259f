using System.Text.Json;

namespace Simulation.Mutants;

/// <summary>
/// Compiles one project of the product again with one file exchanged. A build would take ten times as long, most of it to find
/// out that nothing else has changed; and the compiler can read the other text from elsewhere, so that no source is ever harmed.
/// </summary>
internal sealed class Compiler
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private readonly string _project;
    private readonly string _program;
    private readonly IReadOnlyList<string> _arguments;

    private Compiler(string project, string program, IReadOnlyList<string> arguments) =>
        (_project, _program, _arguments) = (project, program, arguments);

    /// <summary>Asks the build how it would call the compiler for this project, which must have been built before.</summary>
    public static Compiler For(string project)
    {
        string[] arguments =
        [
            "msbuild", Checkout.PathOf($"{project}/{Path.GetFileName(project)}.csproj"), "-t:PrepareResources;Compile", // what is embedded is an argument too
            "-getItem:CscCommandLineArgs", "-getProperty:RoslynTargetsPath",
            "-p:ProvideCommandLineArgs=true", "-p:SkipCompilerExecution=true", "-p:NonExistentFile=/nonexistent", // so that nothing counts as up to date
            "-p:BuildProjectReferences=false", .. Quick,
        ];
        var (code, text) = Shell.Run("dotnet", arguments, Checkout.Root, Limit);
        if (code != 0)
        {
            throw new InvalidOperationException($"the build does not say how {project} is compiled:\n{text}");
        }

        using var answer = JsonDocument.Parse(text);
        var folder = answer.RootElement.GetProperty("Properties").GetProperty("RoslynTargetsPath").GetString()!;
        var items = answer.RootElement.GetProperty("Items").GetProperty("CscCommandLineArgs").EnumerateArray();
        return new Compiler(project, Path.Combine(folder, "bincore", "csc"), [.. items.Select(i => i.GetProperty("Identity").GetString()!)]);
    }

    /// <summary>What makes a build quick. The unharmed sources are free of warnings; a defect may leave something unused behind.</summary>
    public static IReadOnlyList<string> Quick { get; } =
        ["-p:Configuration=Release", "-p:TreatWarningsAsErrors=false", "-p:RunAnalyzers=false", "-p:GenerateDocumentationFile=false"];

    /// <returns>The assembly; or what the compiler did not like.</returns>
    public (string? Assembly, string? Problem) Compile(string file, string text, string folder)
    {
        Directory.CreateDirectory(folder);
        var inside = Path.GetRelativePath(_project, file);
        var other = Path.Combine(folder, Path.GetFileName(file));
        File.WriteAllText(other, text);
        var assembly = Path.Combine(folder, Path.GetFileName(_arguments.First(a => a.StartsWith("/out:", StringComparison.Ordinal))));
        var words = _arguments
            .Where(a => a != "/noconfig" && !a.StartsWith("/refout:", StringComparison.Ordinal))
            .Select(a => a.StartsWith("/out:", StringComparison.Ordinal) ? $"/out:{assembly}"
                : a == inside ? other
                : a.StartsWith($"/resource:{inside},", StringComparison.Ordinal) ? $"/resource:{other},{a.Split(',', 2)[1]}"
                : a);
        var response = Path.Combine(folder, "words.rsp");
        File.WriteAllLines(response, words);
        if (!File.ReadAllText(response).Contains(other, StringComparison.Ordinal))
        {
            return (null, $"{file} is no part of {_project}");
        }

        var (code, output) = Shell.Run(_program, ["-noconfig", "-shared", $"@{response}"], Checkout.PathOf(_project), Limit);
        return code == 0
            ? (assembly, null)
            : (null, "it does not compile: " + output.Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal), output));
    }
}
