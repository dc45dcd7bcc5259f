using System.Diagnostics.Metrics;

namespace Reconciler.WebConsole.History;

/// <summary>Listens to the instruments that are there anyway, so that nothing is counted twice in the code.</summary>
internal sealed class MeterFeed : IDisposable
{
    private const string Requests = "fly_api_requests";
    private const string Convergence = "reconciler_convergence";

    private readonly MeterListener _listener = new();
    private readonly MinuteRing _ring;

    public MeterFeed(MinuteRing ring)
    {
        _ring = ring;
        _listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "FlyApi", Name: Requests } or { Meter.Name: "Reconciler", Name: Convergence })
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _ring.Called(IsGood(tags), (int)value));
        _listener.SetMeasurementEventCallback<double>((_, value, _, _) => _ring.Converged(value));
        _listener.Start();
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsGood(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        foreach (var (name, value) in tags)
        {
            if (name == "status")
            {
                return int.TryParse(value as string ?? value?.ToString(), out var status) && status is < 400 or 404;
            }
        }

        return true;
    }
}
