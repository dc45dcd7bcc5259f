using System.Diagnostics;

namespace Demo.Stage;

/// <summary>Runs the product as an operator does: a process with arguments and an environment.</summary>
internal sealed class ReconcilerProgram(string path)
{
    /// <summary>All that it inherits; a token in the environment of whoever runs the demo must not reach it.</summary>
    private static readonly string[] Inherited = ["PATH", "HOME", "TMPDIR", "LANG", "DOTNET_ROOT", "DOTNET_CLI_HOME"];

    private readonly bool _isAssembly = Path.GetExtension(path) == ".dll";

    /// <summary>What an operator would type to run it.</summary>
    public string CommandLine => _isAssembly ? $"dotnet '{path}'" : $"'{path}'";

    public Process Start(IReadOnlyDictionary<string, string> environment, params string[] arguments)
    {
        var info = new ProcessStartInfo(_isAssembly ? "dotnet" : path)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (_isAssembly)
        {
            info.ArgumentList.Add(path);
        }

        Array.ForEach(arguments, info.ArgumentList.Add);
        info.Environment.Clear();
        foreach (var name in Inherited)
        {
            if (Environment.GetEnvironmentVariable(name) is { } value)
            {
                info.Environment[name] = value;
            }
        }

        foreach (var (name, value) in environment)
        {
            info.Environment[name] = value;
        }

        var process = Process.Start(info) ?? throw new InvalidOperationException($"{path} did not start");
        process.StandardInput.Close();
        return process;
    }

    /// <summary>Runs a command to its end.</summary>
    public async Task<Finished> RunAsync(
        IReadOnlyDictionary<string, string> environment, CancellationToken cancellationToken, params string[] arguments)
    {
        using var process = Start(environment, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            var errors = process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            return new Finished(process.ExitCode, await output, await errors);
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}

internal sealed record Finished(int ExitCode, string Output, string Errors)
{
    /// <summary>For a claim's failure.</summary>
    public string Summary => $"exit code {ExitCode}: {(Errors.Length > 0 ? Errors : Output).Trim()}";
}
