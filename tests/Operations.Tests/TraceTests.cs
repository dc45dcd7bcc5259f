using Operations.Tests.Tracing;

namespace Operations.Tests;

/// <summary>What the daemon exports by OTLP.</summary>
public sealed class TraceTests : WorldTest
{
    [Fact]
    public async Task A_reconcile_is_one_trace_from_observe_over_each_step_to_the_report()
    {
        using var collector = new Collector();
        await World.StartReadyAsync(collector.Environment);
        await World.ProvisionAsync();

        await World.EventuallyAsync(() => Task.FromResult(collector.Spans.Any(s => s.Name == "apply start_machine")), "the start was exported");
        var created = collector.Spans.First(s => s.Name == "apply create_machine");
        await World.EventuallyAsync(
            () => Task.FromResult(collector.Spans.Any(s => s.Trace == created.Trace && s.Parent.Length == 0)), "the root, which ends last, was exported");

        var trace = collector.Spans.Where(s => s.Trace == created.Trace).ToDictionary(s => s.Id, StringComparer.Ordinal);
        var root = Assert.Single(trace.Values, s => s.Parent.Length == 0);
        Assert.Equal("reconcile", root.Name);
        Assert.True(root.Attributes.ContainsKey("reconciler.outcome"));
        Assert.All(trace.Values.Where(s => s != root), s => Assert.True(trace.ContainsKey(s.Parent), $"{s.Name} hangs in the air"));
        Assert.All(
            trace.Values.Where(s => s.Name is "observe" or "report" || s.Name.StartsWith("apply ", StringComparison.Ordinal)),
            s => Assert.Equal(root.Id, s.Parent));
        Assert.Contains(trace.Values, s => s.Name == "observe");
        Assert.Equal("MachineMissing", created.Attributes["reconciler.reason"]);
    }

    [Fact]
    public async Task A_call_to_Fly_carries_the_request_id_that_Fly_gave_it()
    {
        using var collector = new Collector();
        await World.StartReadyAsync(collector.Environment);
        await World.ProvisionAsync();
        await World.EventuallyAsync(() => Task.FromResult(collector.Spans.Any(s => s.Name == "fly machines.create")), "the create was exported");

        var call = collector.Spans.First(s => s.Name == "fly machines.create");

        Assert.True(call.Attributes["fly.request_id"].Length > 8);
        Assert.Equal("POST", call.Attributes["http.request.method"]);
        Assert.StartsWith("2", call.Attributes["http.response.status_code"], StringComparison.Ordinal);
        Assert.Contains(collector.Spans, s => s.Id == call.Parent && s.Name == "apply create_machine");
    }

    [Fact]
    public async Task No_secret_is_exported()
    {
        using var collector = new Collector();
        await World.StartReadyAsync(collector.Environment);
        await World.ProvisionAsync();
        await World.EventuallyAsync(() => Task.FromResult(collector.Spans.Any(s => s.Name == "fly secrets.set")), "the setting of secrets was exported");

        var text = collector.Text;

        Assert.All(World.SecretValues, v => Assert.False(text.Contains(v, StringComparison.Ordinal), $"exports hold the secret {v[..8]}…"));
    }

    [Fact]
    public async Task The_standard_variable_turns_traces_off_and_leaves_the_metrics()
    {
        using var collector = new Collector();
        await World.StartReadyAsync([.. collector.Environment, ("OTEL_TRACES_SAMPLER", "always_off")]);
        await World.ProvisionAsync();
        var exported = collector.Of("/v1/metrics").Count();
        await World.EventuallyAsync(() => Task.FromResult(collector.Of("/v1/metrics").Count() >= exported + 2), "metrics are exported");

        Assert.Empty(collector.Spans);
        Assert.Contains("controller_runtime_reconcile", collector.Text, StringComparison.Ordinal);
    }
}
