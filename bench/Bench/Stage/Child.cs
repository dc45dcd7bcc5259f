using System.Diagnostics;
using System.Globalization;

namespace Bench.Stage;

/// <summary>One measured round.</summary>
/// <param name="Wall">Milliseconds.</param>
/// <param name="Cpu">Milliseconds of user and system time of the child.</param>
/// <param name="Allocated">Bytes.</param>
/// <param name="Found">What the round found; its meaning is the scenario's.</param>
internal sealed record Round(double Wall, double Cpu, long Allocated, long Found);

/// <summary>A probe process that waits between its rounds, so that two of them can take turns.</summary>
internal sealed class Child : IAsyncDisposable
{
    private readonly Process _process;

    private Child(Process process) => _process = process;

    public static Task<Child> StartAsync(string program, params string[] arguments) => StartAsync(program, [], arguments);

    public static async Task<Child> StartAsync(string program, (string Name, string Value)[] environment, string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var child = new Child(Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start"));
        return await child.ReadAsync() == "ready" ? child : throw new InvalidOperationException($"{program} is not a probe");
    }

    public async Task<Round> RoundAsync()
    {
        await _process.StandardInput.WriteLineAsync("go");
        await _process.StandardInput.FlushAsync();
        var fields = (await ReadAsync()).Split(' ');
        return new Round(
            double.Parse(fields[0], CultureInfo.InvariantCulture),
            double.Parse(fields[1], CultureInfo.InvariantCulture),
            long.Parse(fields[2], CultureInfo.InvariantCulture),
            long.Parse(fields[3], CultureInfo.InvariantCulture));
    }

    /// <summary>Ends the child; returns the peak of its resident memory in megabytes.</summary>
    public async Task<double> EndAsync()
    {
        _process.StandardInput.Close();
        var peak = double.Parse(await ReadAsync(), CultureInfo.InvariantCulture);
        await _process.WaitForExitAsync();
        return peak / 1024;
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("the probe died; what it said is above");
}
