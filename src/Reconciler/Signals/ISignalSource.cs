namespace Reconciler.Signals;

/// <summary>Where operators' wishes come from and how they turned out: the signal file, or what stands in for it.</summary>
public interface ISignalSource
{
    /// <summary>Every request, until the token is cancelled. Asking for the next one confirms the one before. One watcher at a time.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    IAsyncEnumerable<SignalRequest> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Tells what became of a request; the latest answer stands.</summary>
    void Answer(SignalResult result);
}
