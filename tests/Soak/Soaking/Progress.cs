using System.Diagnostics;
using Soak.Stage;

namespace Soak.Soaking;

/// <summary>One line every few seconds, so that whoever waits sees that something happens.</summary>
internal sealed class Progress(Arena arena)
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(5);

    private readonly long _started = Stopwatch.GetTimestamp();
    private long _told = Stopwatch.GetTimestamp() - Stopwatch.Frequency * 60;

    public void Tell(string phase)
    {
        if (Stopwatch.GetElapsedTime(_told) < Every)
        {
            return;
        }

        _told = Stopwatch.GetTimestamp();
        var state = arena.Server.World.Snapshot();
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{phase}; {state.Apps.Count} apps, {state.Apps.Sum(a => a.RunningNow)} running, {state.Calls} calls, {state.Overlaps.Count} overlaps"));
    }

    public void Say(string text) => Console.WriteLine(
        string.Create(CultureInfo.InvariantCulture, $@"{Stopwatch.GetElapsedTime(_started):mm\:ss} {text}"));
}
