using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Queueing;
using Store;

namespace Reconciler.Observing;

/// <summary>A user that a pass found worth a look.</summary>
internal readonly record struct Difference(Guid UserId, Priority Priority);

/// <summary>What decides what a user without exceptions should run.</summary>
internal readonly record struct WishKey(string Tier, string? Revision);

/// <summary>
/// The no-drift pass: one number per user against one number per machine. Pure, and without a call or an allocation for a
/// user that has not changed.
/// </summary>
internal static class FleetDiffer
{
    /// <param name="summaries">Every user, from one SELECT.</param>
    /// <param name="machines">The organisation's machines by app.</param>
    /// <param name="isComplete">Whether a machine that is not in <paramref name="machines"/> is known to be absent from the list.</param>
    /// <param name="wishes">What the users of each tier and revision should run (<see cref="Fingerprint.RunningWish"/>); without one there is no image yet.</param>
    public static IEnumerable<Difference> Differences(
        IReadOnlyList<AppSummary> summaries,
        IReadOnlyDictionary<string, List<OrgMachine>> machines,
        bool isComplete,
        IReadOnlyDictionary<WishKey, string> wishes)
    {
        foreach (var user in summaries)
        {
            machines.TryGetValue(user.AppName, out var seen);
            if (Priority(user, seen, isComplete, wishes) is { } priority)
            {
                yield return new Difference(user.UserId, priority);
            }
        }
    }

    /// <summary>Null when the user is as the last converged reconcile left it.</summary>
    private static Priority? Priority(
        in AppSummary user, List<OrgMachine>? seen, bool isComplete, IReadOnlyDictionary<WishKey, string> wishes)
    {
        if (user.Former || (!user.Live && !user.Run))
        {
            return seen is { Count: > 0 } ? Queueing.Priority.Incident : null;
        }

        if (!user.Settled || user.Fingerprint == 0)
        {
            return Queueing.Priority.Resync;
        }

        if (seen is not { Count: > 0 })
        {
            return isComplete ? Queueing.Priority.Incident : null;
        }

        var wish = user.Run ? wishes.GetValueOrDefault(new WishKey(user.Tier, user.Revision)) : Fingerprint.StoppedWish;
        if (wish is null)
        {
            return null;
        }

        if (seen.Count == 1 && Fingerprint.Of(wish, seen[0].Id, seen[0].InstanceId, seen[0].State, seen[0].Region) == user.Fingerprint)
        {
            return null;
        }

        var asExpected = seen.Count == 1 && seen[0].Id == user.MachineId
            && seen[0].State == (user.Run ? MachineStates.Started : MachineStates.Stopped);
        return asExpected ? Queueing.Priority.Rollout : Queueing.Priority.Incident;
    }
}
