using System.Diagnostics.Metrics;

namespace Reconciler.Telemetry;

/// <summary>Histogram boundaries, in seconds.</summary>
internal static class Buckets
{
    /// <summary>The 40 of controller-runtime.</summary>
    public static InstrumentAdvice<double> Reconcile { get; } = new()
    {
        HistogramBucketBoundaries =
        [
            .005, .01, .025, .05, .1, .15, .2, .25, .3, .35, .4, .45, .5, .6, .7, .8, .9, 1, 1.25, 1.5,
            1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
        ],
    };

    /// <summary>client-go's ladder begins at 10 ns, where nothing of ours happens; the names are its, the steps are not.</summary>
    public static InstrumentAdvice<double> Queue { get; } = new()
    {
        HistogramBucketBoundaries = [.001, .005, .01, .05, .1, .5, 1, 5, 10, 60, 300, 600],
    };

    /// <summary>A machine is up within seconds, a health deadline is minutes; 60 s is the objective's bound.</summary>
    public static InstrumentAdvice<double> Convergence { get; } = new()
    {
        HistogramBucketBoundaries = [.5, 1, 2.5, 5, 10, 20, 30, 45, 60, 90, 120, 300, 600, 1800, 3600, 14400],
    };
}
