namespace Reconciler.WebConsole.History;

/// <summary>What happened within one minute.</summary>
/// <param name="Start">The minute's beginning, UTC.</param>
/// <param name="Calls">Requests to Fly that were answered as hoped (below 400, or 404, which is an answer to a question).</param>
/// <param name="FailedCalls">The other requests.</param>
/// <param name="Converged">Users that became as wished.</param>
/// <param name="Median">Of their times from wish to Ready, in seconds; 0 without any.</param>
/// <param name="Slowest">The longest of them, in seconds.</param>
internal sealed record MinuteOfWork(DateTimeOffset Start, int Calls, int FailedCalls, int Converged, double Median, double Slowest);

/// <summary>The last hour in memory, one bucket a minute; its size does not depend on what happens.</summary>
internal sealed class MinuteRing(TimeProvider time)
{
    public const int Minutes = 60;

    /// <summary>Enough for a median; beyond it a minute's first ones stand for all.</summary>
    private const int MaxSamples = 256;

    private readonly Lock _gate = new();
    private readonly Bucket[] _buckets = [.. Enumerable.Range(0, Minutes).Select(_ => new Bucket())];

    private sealed class Bucket
    {
        public long Minute { get; set; } = -1;
        public int Calls { get; set; }
        public int FailedCalls { get; set; }
        public int Converged { get; set; }
        public double Slowest { get; set; }
        public List<double> Samples { get; } = [];

        public void Reset(long minute)
        {
            (Minute, Calls, FailedCalls, Converged, Slowest) = (minute, 0, 0, 0, 0);
            Samples.Clear();
        }
    }

    public void Called(bool good, int count)
    {
        lock (_gate)
        {
            var bucket = Current();
            bucket.Calls += good ? count : 0;
            bucket.FailedCalls += good ? 0 : count;
        }
    }

    public void Converged(double seconds)
    {
        lock (_gate)
        {
            var bucket = Current();
            bucket.Converged++;
            bucket.Slowest = Math.Max(bucket.Slowest, seconds);
            if (bucket.Samples.Count < MaxSamples)
            {
                bucket.Samples.Add(seconds);
            }
        }
    }

    /// <summary>The last <see cref="Minutes"/> minutes, oldest first, the present one included.</summary>
    public IReadOnlyList<MinuteOfWork> Read()
    {
        lock (_gate)
        {
            var now = Now();
            var minutes = new List<MinuteOfWork>(Minutes);
            for (var minute = now - Minutes + 1; minute <= now; minute++)
            {
                var bucket = _buckets[minute % Minutes];
                var start = DateTimeOffset.FromUnixTimeSeconds(minute * 60);
                minutes.Add(bucket.Minute != minute
                    ? new MinuteOfWork(start, 0, 0, 0, 0, 0)
                    : new MinuteOfWork(start, bucket.Calls, bucket.FailedCalls, bucket.Converged, Median(bucket.Samples), bucket.Slowest));
            }

            return minutes;
        }
    }

    private long Now() => time.GetUtcNow().ToUnixTimeSeconds() / 60;

    private Bucket Current()
    {
        var minute = Now();
        var bucket = _buckets[minute % Minutes];
        if (bucket.Minute != minute)
        {
            bucket.Reset(minute);
        }

        return bucket;
    }

    private static double Median(List<double> samples)
    {
        if (samples.Count == 0)
        {
            return 0;
        }

        var sorted = samples.Order().ToList();
        return sorted[(sorted.Count - 1) / 2];
    }
}
