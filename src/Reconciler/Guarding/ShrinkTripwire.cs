using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Texts;
using Store;

namespace Reconciler.Guarding;

/// <summary>How many users were entitled when; kept in the database, so that a restart does not forget what normal was.</summary>
/// <param name="Samples">Oldest first.</param>
/// <param name="Hold">Set while the tripwire holds; lifted by recovery or by an operator.</param>
/// <param name="HeldSince">Since when; names the hold that an operator releases.</param>
internal sealed record CensusHistory(IReadOnlyList<CensusSample> Samples, string? Hold, DateTimeOffset? HeldSince)
{
    public static CensusHistory Empty { get; } = new([], null, null);

    /// <summary>
    /// As it stands in the database. A document that somebody made unreadable took the yardstick away, and a guard without one
    /// must not let everything through: it holds until an operator confirms the number.
    /// </summary>
    /// <param name="json">Null when there is none yet.</param>
    /// <param name="now">From when on it holds.</param>
    /// <param name="repaired">The document has to be written as it is answered here, because a hold is released by its date.</param>
    public static CensusHistory Read(string? json, DateTimeOffset now, out bool repaired)
    {
        repaired = false;
        if (json is null)
        {
            return Empty;
        }

        try
        {
            if (JsonSerializer.Deserialize(json, GuardJson.Default.CensusHistory) is { Samples: { } samples } history && !samples.Contains(null))
            {
                // A hold without a date could not be released, because the date names it.
                repaired = history is { Hold: not null, HeldSince: null };
                return history.Hold is null
                    ? history with { HeldSince = null }
                    : history with { Hold = UntrustedText.Clean(history.Hold, 600), HeldSince = history.HeldSince ?? now };
            }
        }
        catch (JsonException)
        {
            // said below
        }

        repaired = true;
        return new CensusHistory([new CensusSample(now, int.MaxValue)], Unreadable, now);
    }

    private const string Unreadable =
        "the guard's memory (fly_reconciler.fleet, key census) cannot be read, so nobody knows how many users there were; "
        + "nothing is stopped or destroyed until `reconciler release-hold` confirms the present number";

    /// <summary>Where an operator's release of this very hold is written; null while nothing is held.</summary>
    public string? ReleaseKey => HeldSince is { } since
        ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"census-release/{since.UtcTicks}")
        : null;
}

/// <summary>An operator's word that the present number of users is right.</summary>
internal sealed record HoldRelease(string Owner, string Reason, DateTimeOffset At);

internal sealed record CensusSample([property: JsonRequired] DateTimeOffset At, [property: JsonRequired] int Entitled);

/// <param name="Share">Of the fleet, 0 to 1, that may leave within the window. Default 0.2.</param>
/// <param name="Minimum">Users that may always leave within the window. Default 3.</param>
/// <param name="Window">Default 10 min.</param>
internal sealed record TripwireLimits(double Share, int Minimum, TimeSpan Window);

/// <summary>
/// An empty or suddenly shrunken set of entitled users is more likely a wrong query, a failed migration or a lost join than
/// that many people leaving at once: then nothing is stopped or destroyed until the number recovers or an operator says so.
/// Pure.
/// </summary>
internal static class ShrinkTripwire
{
    /// <summary>Falls within this time are one: the level before and the level after are enough, more would only make rows.</summary>
    private static readonly TimeSpan SampleEvery = TimeSpan.FromMinutes(1);

    public static CensusHistory Evaluate(CensusHistory history, Census census, TripwireLimits limits, DateTimeOffset now)
    {
        // While the tripwire holds, the level before the fall stays the yardstick, however long it takes.
        var samples = history.Hold is null ? Within(history.Samples, now - limits.Window) : [.. history.Samples];
        var highest = samples.Count == 0 ? census.Entitled : Math.Max(samples.Max(s => s.Entitled), census.Entitled);
        var allowed = Math.Max(limits.Minimum, (int)Math.Floor(highest * limits.Share));
        var lost = highest - census.Entitled;
        if (lost > allowed)
        {
            var hold = $"{lost} of {highest} users lost their tier within {limits.Window:c}, more than the {allowed} allowed; "
                + "nothing is stopped or destroyed until the number recovers or `reconciler release-hold` confirms it";
            return new CensusHistory(samples, history.Hold ?? hold, history.HeldSince ?? now);
        }

        Add(samples, new CensusSample(now, census.Entitled));
        return new CensusHistory(Within(samples, now - limits.Window), null, null);
    }

    /// <summary>
    /// The samples of the window, and the last one before it: a level holds until the next sample, so that is the level at the
    /// window's start. Without it a fleet that was quiet, or a controller that was stopped, would have no yardstick.
    /// </summary>
    private static List<CensusSample> Within(IReadOnlyList<CensusSample> samples, DateTimeOffset cutoff)
    {
        var before = samples.Count(s => s.At < cutoff);
        return [.. samples.Skip(Math.Max(0, before - 1))];
    }

    /// <summary>Only a change of the level is a sample: a fleet in which nobody comes or goes writes nothing.</summary>
    private static void Add(List<CensusSample> samples, CensusSample sample)
    {
        if (samples.Count > 0 && samples[^1].Entitled == sample.Entitled)
        {
            return;
        }

        var isOneFall = samples.Count > 1 && sample.At - samples[^2].At < SampleEvery
            && samples[^2].Entitled >= samples[^1].Entitled && samples[^1].Entitled > sample.Entitled;
        if (isOneFall)
        {
            samples.RemoveAt(samples.Count - 1);
        }

        samples.Add(sample);
    }

    /// <summary>An operator confirms that the present number is right.</summary>
    public static CensusHistory Release(Census census, DateTimeOffset now) => new([new CensusSample(now, census.Entitled)], null, null);

    public static bool Same(CensusHistory a, CensusHistory b) => a.Hold == b.Hold && a.Samples.SequenceEqual(b.Samples);
}

[JsonSerializable(typeof(CensusHistory))]
[JsonSerializable(typeof(HoldRelease))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class GuardJson : JsonSerializerContext;
