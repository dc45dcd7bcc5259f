using System.Globalization;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Reconciler.Reconciling;
using Store;

namespace Reconciler.Explaining;

/// <summary>What happens next for a user, and when.</summary>
/// <param name="What">Sentences without a full stop, in the order in which they happen.</param>
/// <param name="At">When the next look is due; null = at once, or it depends on what the sentences name.</param>
/// <param name="NeedsPerson">Waiting alone will not help.</param>
internal sealed record Upcoming(IReadOnlyList<string> What, DateTimeOffset? At, bool NeedsPerson)
{
    /// <summary>What only a person can end.</summary>
    private static readonly HashSet<string> OfPeople = new(StringComparer.Ordinal)
    {
        Reasons.Paused, Reasons.InvalidOverride, Reasons.ImageUnresolved, Reasons.ServiceKeyInvalid, Reasons.ShrinkTripwire,
        Reasons.RolledBack, Reasons.FlyUnauthorised, Reasons.FlyInvalid,
    };

    public static Upcoming Of(PlanPreview preview, string reason, Advice advice, FleetStanding fleet)
    {
        var (user, now) = (preview.Snapshot.User, preview.Snapshot.Now);
        if (fleet.Leader is null)
        {
            return new(["Nothing, until a process leads: no daemon holds the lease"], null, NeedsPerson: true);
        }

        var what = new List<string>();
        if (fleet.ObservesOnly)
        {
            what.Add("With this configuration (Mode, EnforceFor) this user is only observed; the steps below are what would be done");
        }

        var (look, at) = Look(preview, fleet, now);
        what.Add(look);
        if (preview.Plan is not { Verdict: Verdict.Settled })
        {
            what.Add(advice.Then);
        }

        return new(what, at, OfPeople.Contains(reason));
    }

    private static (string What, DateTimeOffset? At) Look(PlanPreview preview, FleetStanding fleet, DateTimeOffset now)
    {
        var user = preview.Snapshot.User;
        if (user.Generation != user.ObservedGeneration)
        {
            return ("The wish changed and is picked up within seconds, whatever is being waited for", null);
        }

        if (user.RetryCount > 0 && user.NextAttemptAt is { } due && new DateTimeOffset(due, TimeSpan.Zero) is var at && at > now)
        {
            return ($"Try {user.RetryCount + 1} is at {Explanation.At(at)} (in {Span(at - now)}): {Pace(user)}", at);
        }

        return preview.Plan switch
        {
            null => ("Fly is asked again, later each time", null),
            { Verdict: Verdict.Settled, RequeueAfter: { } after } => ($"The next step is due at {Explanation.At(now + after)} (in {Span(after)})", now + after),
            { Verdict: Verdict.Settled } => ($"Looked at when something changes, and in full {NextAudit(fleet, now, out var audit)}", audit),
            { Verdict: Verdict.Act } => ("The steps below are taken at the next look, within seconds of whatever changed", null),
            { RequeueAfter: { } after } => ($"Looked at again in {Span(after)}", now + after),
            _ => ("Looked at again within seconds", null),
        };
    }

    private static string Pace(UserApp user) => Enum.TryParse<BackoffClass>(user.LastErrorClass, out var failure) && Enum.IsDefined(failure)
        ? $"failures of class {failure} wait {Span(BackoffPolicy.For(failure).Base)}, doubled up to {Span(BackoffPolicy.For(failure).Cap)}"
        : "a backoff that was written down";

    private static string NextAudit(FleetStanding fleet, DateTimeOffset now, out DateTimeOffset? at)
    {
        at = fleet.Settings.Loops.AuditSchedule.GetNextOccurrence(now, TimeZoneInfo.Utc);
        return at is { } audit ? $"after the audit of {Explanation.At(audit)}" : "never again (the audit's schedule has no next time)";
    }

    /// <summary>The two largest units, as a person says it.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "a moment",
        { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0} s"),
        { TotalHours: < 1 } => Two(span.Minutes, "min", span.Seconds, "s"),
        { TotalDays: < 1 } => Two(span.Hours, "h", span.Minutes, "min"),
        _ => Two(span.Days, "d", span.Hours, "h"),
    };

    private static string Two(int large, string largeUnit, int small, string smallUnit) => small == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{large} {largeUnit}")
        : string.Create(CultureInfo.InvariantCulture, $"{large} {largeUnit} {small} {smallUnit}");
}
