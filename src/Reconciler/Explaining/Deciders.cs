using System.Globalization;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Reconciling;
using Reconciler.Reporting;

namespace Reconciler.Explaining;

/// <summary>The guards and settings that decide for a user, with what they stand at.</summary>
internal static class Deciders
{
    public static IReadOnlyList<Decider> Of(Snapshot snapshot, Advice advice, HeldPlan? held, FleetStanding fleet)
    {
        var (user, guards) = (snapshot.User, snapshot.Guards);
        var deciders = new List<Decider> { new("leader", fleet.Leader ?? "nobody") };
        if (fleet.ObservesOnly)
        {
            deciders.Add(new("Reconciler__Mode, Reconciler__EnforceFor", "this user is observed, not changed"));
        }

        deciders.Add(new("pause", user.Paused ? PauseOf(user.PauseOwner, user.PauseReason, user.PausedUntil) : "none"));
        deciders.Add(new("shrink tripwire", guards.Hold ?? "does not hold"));
        deciders.Add(new("destroy budget", string.Create(
            CultureInfo.InvariantCulture,
            $"{guards.DestroysLeft} left in this hour (of {fleet.Settings.Guards.DestroyBudget}, or {fleet.Settings.Guards.DestroyBudgetShare:P0} of the fleet)")));
        if (held is not null)
        {
            deciders.Add(new("held back", $"plan {held.Hash}: {string.Join(", ", held.Plan.Steps.Select(s => s.Describe()))}"));
        }

        if (user.Spec is { } spec)
        {
            deciders.Add(new("override (user_fly_apps.spec)", Text.Shorten(spec)));
        }

        if (snapshot.Desired.DestroyAfter is { } destroyAfter)
        {
            deciders.Add(new("grace", $"ends {Explanation.At(destroyAfter)}"));
        }

        if (snapshot.Memory.Rejected is { } rejected)
        {
            deciders.Add(new("rejected wish", Text.Shorten($"{rejected.Reason}, tried {rejected.Attempts} time(s), since {Explanation.At(rejected.At)}")));
        }

        deciders.AddRange(advice.Decides
            .Select(name => (Name: name, Value: ValueOf(name, fleet.Settings)))
            .Where(setting => setting.Value is not null)
            .Select(setting => new Decider(setting.Name, setting.Value!)));
        return deciders;
    }

    private static string PauseOf(string? owner, string? reason, DateTime? until) => Text.Shorten(
        $"by {owner ?? "nobody named"}: {reason ?? "no reason given"}; "
        + (until is { } end ? $"ends {Explanation.At(new DateTimeOffset(end, TimeSpan.Zero))}" : "until somebody ends it"));

    /// <summary>Values that may be shown; null for a credential, and for what another line says already.</summary>
    private static string? ValueOf(string name, Settings settings) => name switch
    {
        "AuditSchedule" => settings.Loops.AuditSchedule.ToString(),
        "ResyncSchedule" => settings.Loops.ResyncSchedule.ToString(),
        "HealthDeadline" => Upcoming.Span(settings.Timings.HealthDeadline),
        "StuckAfter" => Upcoming.Span(settings.Timings.StuckAfter),
        "UnreachableAfter" => Upcoming.Span(settings.Timings.UnreachableAfter),
        "UnhealthyAfter" => Upcoming.Span(settings.Timings.UnhealthyAfter),
        "CrashReset" => Upcoming.Span(settings.Timings.CrashReset),
        "DeprovisionGrace" => Upcoming.Span(settings.Timings.DeprovisionGrace),
        "NameRelease" => Upcoming.Span(settings.Timings.NameRelease),
        "ImagePollInterval" => Upcoming.Span(settings.Loops.ImagePollInterval),
        "DOCKER_IMAGE" => settings.Image.Text,
        "FLY_DEFAULT_REGION" => settings.Fly.Region,
        "AppNamePrefix" => settings.Fleet.AppNamePrefix,
        "PublicIngress" => settings.Fleet.PublicIngress ? "true" : "false",
        "ShrinkTripwireShare" => settings.Guards.ShrinkTripwireShare.ToString("P0", CultureInfo.InvariantCulture),
        "ShrinkTripwireMinimum" => settings.Guards.ShrinkTripwireMinimum.ToString(CultureInfo.InvariantCulture),
        "ShrinkWindow" => Upcoming.Span(settings.Guards.ShrinkWindow),
        _ => null,
    };
}
