namespace Demo.View;

/// <summary>For pipes and files: one line per claim.</summary>
internal sealed class PlainLines : IAudience
{
    public async Task WatchAsync(Board board, Func<Task> play)
    {
        board.Told += Console.Out.WriteLine;
        await play();
    }
}
