using Reconciler.Model;
using Store;

namespace Reconciler.WebConsole.Fleet;

/// <summary>What happens next for one user, and when.</summary>
/// <param name="What">A sentence without a full stop.</param>
/// <param name="At">When; null = it depends on what the sentence names.</param>
/// <param name="NeedsPerson">Waiting alone will not help.</param>
internal sealed record Outlook(string What, DateTimeOffset? At, bool NeedsPerson)
{
    /// <summary>Pure.</summary>
    /// <param name="row">The user.</param>
    /// <param name="kind">From <see cref="FleetClassifier"/>.</param>
    /// <param name="led">Somebody holds the lease.</param>
    public static Outlook Of(FleetRow row, CellKind kind, bool led)
    {
        if (!led && kind is not (CellKind.Ready or CellKind.Paused))
        {
            return new("nothing, before a process leads again", null, true);
        }

        var next = row.NextAttemptAt is { } at ? new DateTimeOffset(DateTime.SpecifyKind(at, DateTimeKind.Utc)) : (DateTimeOffset?)null;
        return kind switch
        {
            CellKind.Paused when row.PausedUntil is { } until => new("the pause ends by itself", new DateTimeOffset(until, TimeSpan.Zero), false),
            CellKind.Paused => new("nothing, until somebody ends the pause", null, true),
            CellKind.Held when row.Reason == Reasons.ShrinkTripwire =>
                new("waits until the number of users recovers, the hold is released, or this plan is approved", null, true),
            CellKind.Held => new("goes on when this hour's destroy budget has room, or this plan is approved", next, false),
            CellKind.Wrong when ByPerson(row.Reason) is { } wish => new(wish, next, true),
            CellKind.Wrong when row.Retries > 0 => new($"try {row.Retries + 1}, after a backoff", next, false),
            CellKind.Wrong => new("looked at again", next, false),
            CellKind.Moving when !row.Observed => new("the new wish is picked up within seconds", null, false),
            CellKind.Moving => new("looked at again within seconds", next, false),
            CellKind.Unknown => new("the first look is due", null, false),
            CellKind.Leaving when row.Reason == Reasons.StoppedInGrace => new("the app is removed when the grace is over", next, false),
            CellKind.Leaving => new("the app is taken down", next, false),
            _ => new("nothing to do", null, false),
        };
    }

    private static string? ByPerson(string? reason) => reason switch
    {
        Reasons.InvalidOverride => "waits until user_fly_apps.spec is corrected",
        Reasons.ImageUnresolved => "waits until the image is there",
        Reasons.ServiceKeyInvalid => "waits until the service key is good",
        Reasons.FlyUnauthorised => "tried again; the Fly token needs a look",
        Reasons.RolledBack or Reasons.SilentlyRolledBack => "kept as it was before; a new wish or a force tries again",
        _ => null,
    };
}
