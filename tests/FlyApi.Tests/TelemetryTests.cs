using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Net;
using FlyApi.Tests.Support;

namespace FlyApi.Tests;

public sealed class TelemetryTests
{
    [Fact]
    public async Task Requests_retries_durations_and_waits_are_measured_without_ids()
    {
        using var fly = new FlyFixture();
        using var recorded = new Recorder(fly.Telemetry);
        fly.Handler.Answer(HttpStatusCode.ServiceUnavailable).Answer(HttpStatusCode.OK, Answers.Error("x"));

        for (var i = 0; i < 4; i++)
        {
            await fly.Finish(fly.Api.StopMachineAsync("secret-app", "secret-machine", default));
        }

        Assert.Equal(1, recorded.Sum("fly_api_requests", "503"));
        Assert.Equal(4, recorded.Sum("fly_api_requests", "200"));
        Assert.Equal(1, recorded.Sum("fly_api_retries", "machines.stop"));
        Assert.Equal(5, recorded.Count("fly_api_request_duration"));
        Assert.True(recorded.Count("fly_api_limiter_wait") >= 1);
        Assert.DoesNotContain(recorded.Labels, label => label.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_span_names_the_operation_and_carries_the_request_id()
    {
        var spans = new List<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == FlyApiTelemetry.Name,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = span =>
            {
                lock (spans)
                {
                    spans.Add(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        using var fly = new FlyFixture();
        fly.Handler.Answer(HttpStatusCode.PreconditionFailed, Answers.Error("wrong"), requestId: "only-this-request");

        await fly.Fails(fly.Api.StartMachineAsync("app", "m", default));

        Activity span;
        lock (spans)
        {
            span = Assert.Single(spans, span => Equals(span.GetTagItem("fly.request_id"), "only-this-request"));
        }

        Assert.Equal("fly machines.start", span.DisplayName);
        Assert.Equal((ActivityStatusCode.Error, "Conflict"), (span.Status, span.GetTagItem("error.type")));
    }

    private sealed class Recorder : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly List<(string Name, double Value, string Labels)> _values = [];

        public Recorder(FlyApiTelemetry telemetry)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (telemetry.Owns(instrument))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(instrument, value, tags));
            _listener.Start();
        }

        public IEnumerable<string> Labels => _values.Select(value => value.Labels);

        public double Sum(string name, string label) =>
            _values.Where(value => value.Name == name && value.Labels.Contains(label, StringComparison.Ordinal)).Sum(value => value.Value);

        public int Count(string name) => _values.Count(value => value.Name == name);

        public void Dispose() => _listener.Dispose();

        private void Add(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            lock (_values)
            {
                _values.Add((instrument.Name, value, string.Join(',', tags.ToArray().Select(tag => $"{tag.Key}={tag.Value}"))));
            }
        }
    }
}
