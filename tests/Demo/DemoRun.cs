using Demo.Stage;
using Demo.Story;
using Demo.View;

namespace Demo;

/// <summary>The demo from its first line to the last process stopped.</summary>
internal static class DemoRun
{
    private const int LogLines = 25;

    public static async Task<int> RunAsync(DemoOptions options, CancellationToken cancellationToken)
    {
        if (!File.Exists(options.Reconciler))
        {
            await Console.Error.WriteLineAsync($"{options.Reconciler} does not exist: build it first, as ./demo.sh does.");
            return ExitCode.BadUsage;
        }

        try
        {
            Console.WriteLine("Starting a private PostgreSQL, a simulated Fly and the daemon …");
            await using var theatre = await Theatre.OpenAsync(options.Reconciler, cancellationToken);
            return await RunAsync(theatre, options.Keep, cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            Console.WriteLine("Stopped; everything is cleaned up.");
            return ExitCode.Interrupted;
        }
        catch (InvalidOperationException problem)
        {
            await Console.Error.WriteLineAsync(problem.Message);
            return ExitCode.Failed;
        }
    }

    private static async Task<int> RunAsync(Theatre theatre, bool keep, CancellationToken cancellationToken)
    {
        var board = new Board(Plot.Claims);
        IAudience audience = LiveTable.IsPossible ? new LiveTable() : new PlainLines();
        await audience.WatchAsync(board, () => new Play(theatre, board).RunAsync(cancellationToken));
        var code = await ConcludeAsync(board, theatre, cancellationToken);
        if (keep)
        {
            await Visit.HostAsync(theatre, cancellationToken);
        }

        return code;
    }

    private static async Task<int> ConcludeAsync(Board board, Theatre theatre, CancellationToken cancellationToken)
    {
        var failed = board.Claims.Where(c => c.State != ClaimState.Holds).ToList();
        if (failed.Count == 0)
        {
            Console.WriteLine($"All {board.Claims.Count} claims hold ({ClaimText.Seconds(board.Elapsed)}).");
            return ExitCode.EveryClaimHolds;
        }

        Console.WriteLine($"{failed.Count} of {board.Claims.Count} claims do not hold:");
        failed.ForEach(claim => Console.WriteLine("  " + ClaimText.Line(claim)));
        Console.WriteLine($"The daemon's last {LogLines} log lines:");
        foreach (var line in (await File.ReadAllLinesAsync(theatre.LogFile, cancellationToken)).TakeLast(LogLines))
        {
            Console.WriteLine("  " + LogLine.Shorten(line));
        }

        return ExitCode.Failed;
    }
}
