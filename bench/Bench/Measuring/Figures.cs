using System.Globalization;

namespace Bench.Measuring;

/// <summary>Median and range of repeated figures.</summary>
internal sealed record Figures(double Median, double Min, double Max)
{
    public static Figures Of(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return new Figures(Quantile(sorted, 0.5), sorted[0], sorted[^1]);
    }

    /// <summary>Of pairs measured one after the other: noise that lasts longer than a pair cancels.</summary>
    public static Figures Ratios(IEnumerable<double> ours, IEnumerable<double> floor) =>
        Of(ours.Zip(floor, static (a, b) => a / b));

    /// <param name="values">Any order.</param>
    /// <param name="quantile">0 to 1.</param>
    public static double QuantileOf(IEnumerable<double> values, double quantile) => Quantile([.. values.Order()], quantile);

    public string Text(string unit = "") => string.Create(CultureInfo.InvariantCulture, $"{Short(Median)}{unit} [{Short(Min)}–{Short(Max)}]");

    public static string Short(double value) => value.ToString(
        Math.Abs(value) switch { >= 100 => "#,0", >= 10 => "0.0", _ => "0.00" }, CultureInfo.InvariantCulture);

    private static double Quantile(List<double> sorted, double quantile)
    {
        var position = quantile * (sorted.Count - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Count - 1);
        return sorted[below] + ((sorted[above] - sorted[below]) * (position - below));
    }
}
