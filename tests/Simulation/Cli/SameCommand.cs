using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using Simulation.Stories;

namespace Simulation.Cli;

/// <summary><c>same</c>: a seed gives one hash, however often and in however many processes it is run.</summary>
internal static class SameCommand
{
    public static Command Create()
    {
        var seed = new Option<ulong>("--seed") { DefaultValueFactory = _ => 7 };
        var times = new Option<int>("--times") { Description = "In this process.", DefaultValueFactory = _ => 1_000 };
        var processes = new Option<int>("--processes") { Description = "Further processes, each once.", DefaultValueFactory = _ => 10 };
        var command = new Command("same", "Runs one seed many times and compares the hashes.") { seed, times, processes };
        command.SetAction(parsed => Run(parsed.GetValue(seed), parsed.GetValue(times), parsed.GetValue(processes)));
        return command;
    }

    private static int Run(ulong seed, int times, int processes)
    {
        var hashes = new HashSet<ulong>();
        for (var n = 0; n < times; n++)
        {
            hashes.Add(Seeds.Run(seed).Hash);
        }

        if (processes == 0)
        {
            Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{hashes.Single():x16}"));
            return hashes.Count == 1 ? 0 : 1;
        }

        for (var n = 0; n < processes; n++)
        {
            hashes.Add(InAnotherProcess(seed));
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"same: seed {seed} gave {hashes.Count} hash(es) in {times:N0} runs of one process and in {processes} processes: {string.Join(", ", hashes.Select(h => h.ToString("x16", CultureInfo.InvariantCulture)))}"));
        return hashes.Count == 1 ? 0 : 1;
    }

    private static ulong InAnotherProcess(ulong seed)
    {
        string[] arguments = ["same", "--seed", seed.ToString(CultureInfo.InvariantCulture), "--times", "1", "--processes", "0"];
        using var child = Process.Start(Self.With(arguments, redirectOutput: true)) ?? throw new InvalidOperationException("the process could not be started");
        var output = child.StandardOutput.ReadToEnd();
        child.WaitForExit();
        return ulong.Parse(output.Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
    }
}
