namespace Demo.View;

/// <summary>Shows the board while the play goes on.</summary>
internal interface IAudience
{
    /// <summary>Returns when the play has ended, after the last change was shown.</summary>
    Task WatchAsync(Board board, Func<Task> play);
}
