using System.Text.Json.Nodes;
using Reconciler.Signals;

namespace Reconciler.Tests.Signals;

public sealed class SignalResultWriterTests : IDisposable
{
    private static readonly DateTimeOffset At = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private readonly SignalBox _box = new();

    public void Dispose() => _box.Dispose();

    [Fact]
    public void A_result_says_first_that_the_signal_is_accepted_and_then_how_it_ended()
    {
        var writer = new SignalResultWriter(_box.Path, _box.Log);
        var accepted = new SignalResult("7", At, null, false, ["u1", "u2"], ["who"], false, [new("u1", "queued"), new("u2", "queued")]);

        writer.Write(accepted);
        var first = _box.Result();
        writer.Write(accepted with { FinishedAt = At.AddSeconds(3), Pending = [new("u2", "NoCapacity")] });
        var last = _box.Result();

        Assert.True(first.ContainsKey("finishedAt"));
        Assert.Null(first["finishedAt"]);
        Assert.True(JsonNode.DeepEquals(
            JsonNode.Parse("""
                {
                  "id": "7", "receivedAt": "2026-03-01T12:00:00+00:00", "finishedAt": "2026-03-01T12:00:03+00:00", "everyone": false,
                  "keys": ["u1", "u2"], "unknown": ["who"], "converged": false, "pending": [{ "key": "u2", "reason": "NoCapacity" }]
                }
                """),
            last));
        Assert.Equal(["signal.result"], _box.Files);
    }

    [Fact]
    public async Task A_reader_never_sees_half_a_result()
    {
        var writer = new SignalResultWriter(_box.Path, _box.Log);
        var unknown = Enumerable.Range(0, 2000).Select(i => $"name-{i}").ToList();
        writer.Write(new SignalResult("0", At, null, true, [], unknown, false, []));

        var writing = Task.Run(() =>
        {
            for (var i = 1; i <= 100; i++)
            {
                writer.Write(new SignalResult($"{i}", At, At, true, [], unknown, true, []));
            }
        });
        do
        {
            Assert.Equal(2000, _box.Result()["unknown"]?.AsArray().Count);
        }
        while (!writing.IsCompleted);

        await writing;
    }

    [Fact]
    public void A_result_that_cannot_be_written_is_logged_and_hurts_nobody()
    {
        new SignalResultWriter(Path.Combine(_box.Folder, "nowhere", "signal"), _box.Log)
            .Write(SignalResult.Refused("1", At, "a reason"));

        Assert.Equal(607, Assert.Single(_box.Log.Entries).Id);
    }
}
