using Spectre.Console;

namespace Demo.View;

/// <summary>For terminals: tables that are drawn again and again in place, and once more at the end to stay.</summary>
internal sealed class LiveTable : IAudience
{
    private static readonly TimeSpan Redraw = TimeSpan.FromMilliseconds(120);

    /// <summary>Where a terminal does not tell its height.</summary>
    private const int UsualHeight = 24;

    public static bool IsPossible => !Console.IsOutputRedirected && AnsiConsole.Profile.Capabilities.Ansi;

    public async Task WatchAsync(Board board, Func<Task> begin)
    {
        var play = begin();
        await AnsiConsole.Live(Screen.Of(board, Height))
            .AutoClear(true)
            .Overflow(VerticalOverflow.Crop)
            .StartAsync(async live =>
            {
                while (!play.IsCompleted)
                {
                    live.UpdateTarget(Screen.Of(board, Height));
                    await Task.WhenAny(play, Task.Delay(Redraw));
                }
            });
        AnsiConsole.Write(Screen.Of(board, int.MaxValue));
        await play;
    }

    /// <summary>Without the line that the cursor rests in.</summary>
    private static int Height => (Console.WindowHeight > 0 ? Console.WindowHeight : UsualHeight) - 1;
}
