using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Reconciler.Signals;

namespace Simulation.Worlds;

/// <summary>
/// The signal file of one machine: requests stay on its disk until they were delivered to a process, which confirms one by
/// asking for the next. A crash in between delivers it again.
/// </summary>
internal sealed class SignalDisk
{
    public Queue<SignalRequest> Waiting { get; } = new();

    public List<SignalResult> Answers { get; } = [];

    public Channel<bool> Touched { get; private set; } = Channel.CreateUnbounded<bool>();

    public void Touch(SignalRequest request)
    {
        Waiting.Enqueue(request);
        Touched.Writer.TryWrite(true);
    }

    /// <summary>For a new process: what watched before must not take its wakes.</summary>
    public void Rewatch() => Touched = Channel.CreateUnbounded<bool>();
}

/// <summary>The view of one incarnation on its machine's signal file.</summary>
internal sealed class SignalPort(Border border, SignalDisk disk) : ISignalSource
{
    private static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(300);

    public async IAsyncEnumerable<SignalRequest> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (true)
        {
            while (disk.Waiting.TryPeek(out var request))
            {
                await border.WaitAsync(Settle, cancellationToken);
                yield return request;
                disk.Waiting.TryDequeue(out _);
            }

            await disk.Touched.Reader.ReadAsync(cancellationToken);
        }
    }

    public void Answer(SignalResult result)
    {
        if (border.Node.Life.IsAlive)
        {
            border.World.Trace.Add(border.Node.Name, "signal", result.Id);
            disk.Answers.Add(result);
        }
    }
}
