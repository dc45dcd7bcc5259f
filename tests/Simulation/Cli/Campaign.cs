using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using Simulation.Stories;

namespace Simulation.Cli;

/// <summary>One run of a campaign: how to run it, and the words that run it again.</summary>
internal sealed record Job(string Replay, Func<RunOutcome> Run);

/// <summary>Many runs, in as many processes as asked for, each of which has one worker; their counts and coverage are added up.</summary>
internal sealed class Campaign(string name, int processes, int? part, string? coverageFile, int failures)
{
    /// <summary>Between two lines that say how far it is.</summary>
    private static readonly TimeSpan Progress = TimeSpan.FromMinutes(1);

    private readonly Coverage _coverage = new();
    private readonly List<TimeSpan> _converged = [];
    private TimeSpan _virtual;
    private int _runs;
    private volatile bool _isAskedToStop;
    private int _failed;

    /// <summary>Runs this process's share of the jobs, or starts the processes that do.</summary>
    /// <param name="jobs">All of them.</param>
    /// <param name="count">How many that is; null when only running them tells.</param>
    /// <param name="arguments">The command that runs them.</param>
    /// <returns>0 when every run was good.</returns>
    public int Run(IEnumerable<Job> jobs, int? count, IReadOnlyList<string> arguments)
    {
        var clock = Stopwatch.StartNew();
        var code = part is null && processes > 1 ? Spread(arguments) : RunShare(jobs);
        if (part is null)
        {
            Report(clock.Elapsed, count);
        }

        if (coverageFile is not null)
        {
            Save(coverageFile);
        }

        return code;
    }

    private int RunShare(IEnumerable<Job> jobs)
    {
        var index = 0;
        var clock = Stopwatch.StartNew();
        var told = TimeSpan.Zero;
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        foreach (var job in jobs)
        {
            if (_isAskedToStop)
            {
                Console.Out.WriteLine($"{name}: interrupted before {job.Replay}");
                return 1;
            }

            if (clock.Elapsed - told > Progress)
            {
                told = clock.Elapsed;
                Console.Error.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"{name}: {_runs:N0} runs, {_failed} failed, {_runs / told.TotalSeconds:0.0} runs/s; next {job.Replay}"));
            }

            if (part is { } mine && index++ % processes != mine)
            {
                continue;
            }

            Take(job, job.Run());
            if (_failed >= failures)
            {
                Console.Out.WriteLine($"{name}: stopped after {_failed} failures");
                break;
            }
        }

        return _failed == 0 ? 0 : 1;
    }

    /// <summary>What was run by then is reported; a run that has begun is brought to its end.</summary>
    private void Stop(PosixSignalContext signal)
    {
        signal.Cancel = true;
        _isAskedToStop = true;
    }

    private void Take(Job job, RunOutcome outcome)
    {
        _runs++;
        _virtual += outcome.VirtualTime;
        _coverage.Add(outcome.Coverage);
        if (outcome.ConvergedAfter is { } converged)
        {
            _converged.Add(converged);
        }

        if (outcome.IsGood)
        {
            return;
        }

        _failed++;
        Console.Out.WriteLine($"FAILED  {job.Replay}");
        foreach (var problem in outcome.Problems.Take(4))
        {
            Console.Out.WriteLine($"        {problem}");
        }
    }

    /// <summary>The same command once for each process, with its part; coverage comes back in files.</summary>
    private int Spread(IReadOnlyList<string> arguments)
    {
        var folder = Directory.CreateTempSubdirectory("simulation-");
        try
        {
            var children = Enumerable.Range(0, processes).Select(n => Start(arguments, n, Path.Combine(folder.FullName, $"part-{n}"))).ToList();
            var code = 0;
            foreach (var child in children)
            {
                child.WaitForExit();
                code = Math.Max(code, child.ExitCode);
            }

            foreach (var file in folder.EnumerateFiles("part-*").OrderBy(f => f.Name, StringComparer.Ordinal))
            {
                Load(file.FullName);
            }

            return code;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private Process Start(IReadOnlyList<string> arguments, int number, string file) => Process.Start(Self.With(
        [
            .. arguments,
            "--processes", processes.ToString(CultureInfo.InvariantCulture),
            "--part", number.ToString(CultureInfo.InvariantCulture),
            "--coverage", file,
            "--failures", failures.ToString(CultureInfo.InvariantCulture),
        ])) ?? throw new InvalidOperationException("the process could not be started");

    private void Report(TimeSpan elapsed, int? count)
    {
        var years = _virtual.TotalDays / 365.25;
        var perCore = _runs / elapsed.TotalSeconds / processes;
        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name}: {_runs:N0}{(count is { } all ? $" of {all:N0}" : "")} runs, {_failed} failed, {elapsed.TotalSeconds:0.0} s, {perCore:0.0} runs/s and core, {years:0.000} simulated years"));
        if (_converged.Count > 0)
        {
            _converged.Sort();
            Console.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: converged after the trouble in {At(0.5):0} s (p50), {At(0.99):0} s (p99), {_converged[^1].TotalSeconds:0} s (worst)"));
        }

        double At(double share) => _converged[(int)((_converged.Count - 1) * share)].TotalSeconds;
    }

    private void Save(string path)
    {
        _coverage.Save(path);
        File.AppendAllLines(path + ".runs",
        [
            string.Create(CultureInfo.InvariantCulture, $"{_runs}\t{_failed}\t{_virtual.Ticks}"),
            .. _converged.Select(c => c.Ticks.ToString(CultureInfo.InvariantCulture)),
        ]);
    }

    private void Load(string path)
    {
        if (path.EndsWith(".runs", StringComparison.Ordinal))
        {
            var lines = File.ReadAllLines(path);
            var parts = lines[0].Split('\t').Select(p => long.Parse(p, CultureInfo.InvariantCulture)).ToList();
            _runs += (int)parts[0];
            _failed += (int)parts[1];
            _virtual += TimeSpan.FromTicks(parts[2]);
            _converged.AddRange(lines.Skip(1).Select(l => TimeSpan.FromTicks(long.Parse(l, CultureInfo.InvariantCulture))));
        }
        else
        {
            _coverage.Load(path);
        }
    }
}
