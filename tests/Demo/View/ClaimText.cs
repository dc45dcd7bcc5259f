using System.Globalization;
using Demo.Story;

namespace Demo.View;

internal static class ClaimText
{
    public static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");

    /// <summary>A claim that is done, as one line.</summary>
    public static string Line(Claim claim) =>
        $"{(claim.State == ClaimState.Holds ? '✓' : '✗')} {Seconds(claim.Took),6} {claim.Title,-50} {claim.Evidence}";
}
