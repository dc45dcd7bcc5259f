using System.Diagnostics.Metrics;

namespace Store;

/// <summary>The store's own instruments; Npgsql brings those of connections and commands.</summary>
internal sealed class StoreTelemetry : IDisposable
{
    public const string MeterName = "Store";
    private readonly Meter _meter = new(MeterName);
    private readonly Counter<long> _reconnects;

    public StoreTelemetry(Func<bool> listening)
    {
        _meter.CreateObservableGauge(
            "store.listen.up", () => listening() ? 1 : 0, description: "1 while the heartbeated LISTEN connection is up.");
        _reconnects = _meter.CreateCounter<long>("store.listen.reconnects", "{reconnect}", "Attempts to get the LISTEN connection back.");
        _reconnects.Add(0);
    }

    public void Reconnecting() => _reconnects.Add(1);

    public void Dispose() => _meter.Dispose();
}
