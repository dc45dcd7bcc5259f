using System.Diagnostics;

namespace Soak.Stage;

/// <summary>The product as a program: the one built beside this, or another form of it that is named on the command line.</summary>
internal sealed class ReconcilerProgram(string path)
{
    public string Path => path;

    /// <param name="given">Null: <see cref="ReconcilerBinary.Path"/>.</param>
    public static ReconcilerProgram Find(string? given)
    {
        var found = System.IO.Path.GetFullPath(given ?? ReconcilerBinary.Path);
        return File.Exists(found) ? new ReconcilerProgram(found) : throw new InvalidOperationException($"{found} is not built");
    }

    public Process Start(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        var info = new ProcessStartInfo(path, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        info.Environment["NO_COLOR"] = "1";
        info.Environment["DOTNET_TieredPGO"] = "0"; // these processes live for seconds: instrumenting them only costs time
        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        return Process.Start(info) ?? throw new InvalidOperationException($"{path} did not start");
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<Finished> RunAsync(IReadOnlyDictionary<string, string?> environment, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return new Finished(process.ExitCode, await output, await errors);
    }
}

internal sealed record Finished(int ExitCode, string Output, string Errors)
{
    public string Summary => $"exit code {ExitCode}: {(Errors.Length > 0 ? Errors : Output).Trim()}";
}
