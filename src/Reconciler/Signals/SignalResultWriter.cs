using System.Text.Json;
using Reconciler.Texts;

namespace Reconciler.Signals;

/// <summary>Keeps <c>FILE.result</c> up to date: once when a signal is accepted, and again when it is done. The latest write stands.</summary>
public sealed class SignalResultWriter(string signalPath, ILogger logger)
{
    private readonly Lock _lock = new();

    public string Path { get; } = System.IO.Path.GetFullPath(signalPath) + ".result";

    /// <summary>Never throws for the disk's trouble: the signal is handled whether or not its result can be told.</summary>
    public void Write(SignalResult result)
    {
        try
        {
            lock (_lock) // the temporary file is one
            {
                AtomicFile.Write(Path, Path + ".tmp", JsonSerializer.SerializeToUtf8Bytes(result, SignalJson.Default.SignalResult), overwrite: true);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            SignalLog.ResultNotWritten(logger, UntrustedText.ForLog(Path), UntrustedText.ForLog(failure.Message));
        }
    }
}
