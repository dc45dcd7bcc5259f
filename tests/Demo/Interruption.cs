using System.Runtime.InteropServices;

namespace Demo;

/// <summary>Turns Ctrl-C, a kill and a closed terminal into a cancellation, so that everything started is stopped on the way out.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly List<PosixSignalRegistration> _registrations;

    public Interruption() => _registrations =
    [
        .. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(signal => PosixSignalRegistration.Create(signal, Take)),
    ];

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        _registrations.ForEach(static registration => registration.Dispose());
        _source.Dispose();
    }

    private void Take(PosixSignalContext context)
    {
        context.Cancel = true; // the end comes after the cleaning up
        _source.Cancel();
    }
}
