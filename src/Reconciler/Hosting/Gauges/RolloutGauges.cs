using System.Diagnostics.Metrics;
using Reconciler.Rollouts;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Hosting.Gauges;

/// <summary>How far an image and a set of secrets have spread. Digests are few; beyond <see cref="Shown"/> they are one.</summary>
internal static class RolloutGauges
{
    /// <summary>More revisions than this at once are no rollout but a mess, which a chart need not name.</summary>
    public const int Shown = 10;

    private const int Digits = 12;
    private const string Scheme = "sha256:";

    public static void Register(Core core, FleetStatisticsWatch statistics)
    {
        var telemetry = core.Telemetry;
        telemetry.Gauge("reconciler_image_users", "Users by the image last proven good for them.", () => Spread(statistics.Last?.Images));
        telemetry.Gauge("reconciler_secrets_users", "Users by the keyed digest of the secrets last proven good for them.", () => Spread(statistics.Last?.Secrets));
        telemetry.Gauge("reconciler_wished_image_info", "Always 1; the image that users should run.", () => Wish(core.Policies.Current.Image.Digest));
        telemetry.Gauge("reconciler_wished_secrets_info", "Always 1; the secrets that users should have.", () => Wish(core.Policies.Current.Secrets.Digest));
    }

    /// <summary>Where the leader's rollout stands; a standby says nothing.</summary>
    public static void RegisterProgress(Core core)
    {
        var telemetry = core.Telemetry;
        telemetry.Gauge("reconciler_rollout_phase", "1 for the phase that the rollout is in.", () => Phases(core));
        telemetry.Gauge("reconciler_rollout_users", "Users of the rollout by where they are.", () => Users(core));
        telemetry.Gauge("reconciler_rollout_wave", "The wave under way; 0 = canary, -1 = none.", () => Last(core, static v => v.State.Wave));
        telemetry.Gauge(
            "reconciler_rollout_stands_seconds",
            "For how long a rollout that is under way has moved or judged nobody.",
            () => Last(core, v => v.State.IsUnderWay ? (core.Ports.Time.GetUtcNow() - v.State.MovedAt).TotalSeconds : 0));
        telemetry.Gauge(
            "reconciler_rollout_paused", "1 while an operator's pause holds the rollout.", () => Last(core, static v => v.State.Pause is null ? 0 : 1));
    }

    private static IEnumerable<Measurement<double>> Last(Core core, Func<RolloutView, double> read) =>
        core.Rollouts.Last is { } view ? [new(read(view))] : [];

    private static IEnumerable<Measurement<double>> Phases(Core core) => core.Rollouts.Last is not { } view
        ? []
        : Enum.GetValues<RolloutPhase>().Select(p => new Measurement<double>(view.State.Phase == p ? 1 : 0, new KeyValuePair<string, object?>("phase", p.ToString())));

    private static IEnumerable<Measurement<double>> Users(Core core)
    {
        if (core.Rollouts.Last is not { Count: var count })
        {
            return [];
        }

        (string Where, int Users)[] all =
        [
            ("fleet", count.Fleet), ("target", count.Target), ("good", count.Good), ("on_way", count.OnWay), ("failed", count.Failed),
            ("skipped", count.Skipped), ("down", count.Down),
        ];
        return all.Select(static c => new Measurement<double>(c.Users, new KeyValuePair<string, object?>("where", c.Where)));
    }

    /// <summary>The first of a digest's hex digits; what is no digest (the row can be edited) is <c>other</c>.</summary>
    public static string Label(string? digest)
    {
        if (digest is null)
        {
            return "none";
        }

        var hex = digest.StartsWith(Scheme, StringComparison.Ordinal) ? digest[Scheme.Length..] : digest;
        return hex.Length >= Digits && hex.All(char.IsAsciiHexDigit) ? hex[..Digits].ToLowerInvariant() : ReasonClass.Other;
    }

    /// <param name="counts">Most users first.</param>
    public static IReadOnlyList<(string Label, int Users)> Bounded(IEnumerable<DigestCount> counts) =>
    [
        .. counts
            .Select(static (c, rank) => (Label: rank < Shown ? Label(c.Digest) : ReasonClass.Other, c.Users))
            .GroupBy(static c => c.Label, StringComparer.Ordinal)
            .Select(static g => (g.Key, g.Sum(static c => c.Users))),
    ];

    private static IEnumerable<Measurement<double>> Spread(IReadOnlyList<DigestCount>? counts) =>
        Bounded(counts ?? []).Select(static c => new Measurement<double>(c.Users, new KeyValuePair<string, object?>("digest", c.Label)));

    private static IEnumerable<Measurement<double>> Wish(string? digest) =>
        digest is null ? [] : [new(1, new KeyValuePair<string, object?>("digest", Label(digest)))];
}
