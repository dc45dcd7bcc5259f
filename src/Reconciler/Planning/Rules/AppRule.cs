using Reconciler.Model;
using Store;

namespace Reconciler.Planning;

/// <summary>The app itself: create it, take it over, or move on to the next name when it is somebody else's.</summary>
internal static class AppRule
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(15);

    public static Plan? Plan(PlanDraft draft)
    {
        switch (draft.Observed.App)
        {
            case AppPresence.Foreign:
                return NameTaken(draft);
            case AppPresence.Adoptable:
                draft.Before(Reasons.AppAdopted, new Step.TakeOwnership(draft.App, OwnershipOrigin.Adopted, Reasons.AppAdopted));
                break;
            case AppPresence.Unclaimed or AppPresence.Missing:
                if (PrerequisiteRule.Problem(draft) is { } blocked)
                {
                    return blocked;
                }

                draft.Before(Reasons.AppMissing, new Step.CreateApp(draft.App, draft.Desired.OrgSlug, Reasons.AppMissing));
                break;
        }

        if (draft.Snapshot.Policy.PublicIngress && Addresses(draft) is { Count: > 0 } missing)
        {
            foreach (var type in missing)
            {
                draft.Before(Reasons.AddressMissing, new Step.AllocateAddress(draft.App, type, Reasons.AddressMissing));
            }
        }

        return null;
    }

    private static List<string> Addresses(PlanDraft draft)
    {
        var known = draft.Observed.App is AppPresence.Unclaimed or AppPresence.Missing ? [] : draft.Observed.Addresses;
        if (known is null)
        {
            return [];
        }

        // An address of its own does what the shared one does, too.
        string[] wanted = known.Contains("v4", StringComparer.Ordinal) ? ["v6"] : ["shared_v4", "v6"];
        return [.. wanted.Except(known, StringComparer.Ordinal)];
    }

    /// <summary>An app is given up only when looks over a while agree: a list that came back empty, or a refusal in a bad moment, make
    /// an app that runs this user's machine look like somebody else's. Null = they do.</summary>
    public static Plan? Doubt(PlanDraft draft)
    {
        var asked = draft.Snapshot.User.OwnIntents.Where(i => i.Kind == "app");
        if (asked.Any(i => draft.Snapshot.AgeOf(i) < draft.Timings.NameRelease))
        {
            // It may land late and would then be nobody's, under a name that we had left.
            return draft.Wait(Reasons.OutcomeUnknown, $"the creation of {draft.App} was never answered and may still land; looking again", LookAgain);
        }

        var agreed = draft.Snapshot.Now - (draft.Memory.AwaySince ?? draft.Snapshot.Now);
        return agreed < Enough(draft)
            ? draft.Wait(Reasons.AppNameTaken, $"the app {draft.App} is not to be found as ours; looking again before it is given up", LookAgain)
            : null;
    }

    /// <summary>An app that we made was ours without a doubt. That somebody deleted it before its grace was over, or that another has its
    /// name by now, is rarer by far than a token or a list in trouble for a minute, and would leave it over if it were believed. When the
    /// grace is over, we have asked for it to go ourselves.</summary>
    private static TimeSpan Enough(PlanDraft draft) =>
        (draft.Observed.App == AppPresence.Foreign || draft.Desired.Phase == Phase.Stop)
            && draft.Snapshot.User.Ownership is { ReleasedAt: null, Origin: Store.OwnershipOrigin.Created }
            && draft.Timings.NameRelease > draft.Timings.CreateLag
            ? draft.Timings.NameRelease
            : draft.Timings.CreateLag;

    /// <summary>We know where we made it, or where it was deployed before us. A controller that is told of another organisation by mistake would make a second fleet there,
    /// beside one that it cannot see. Null = it is the one that we are set for.</summary>
    public static Plan? Elsewhere(PlanDraft draft) =>
        draft.Snapshot.User is { Ownership: { ReleasedAt: null, OrgSlug: { Length: > 0 } recorded } own } user
            && (own.Origin != Store.OwnershipOrigin.Inherited || user.DeployedAt is not null)
            && recorded != draft.Snapshot.Policy.OrgSlug
            ? draft.Blocked(
                Reasons.OtherOrganisation,
                $"the app {draft.App} was made in the organisation {recorded}, and FLY_ORG_SLUG says {draft.Snapshot.Policy.OrgSlug}, whose token does not show it",
                TimeSpan.FromMinutes(1))
            : null;

    private static Plan NameTaken(PlanDraft draft)
    {
        if (Elsewhere(draft) is { } elsewhere)
        {
            return elsewhere;
        }

        if (Doubt(draft) is { } doubt)
        {
            return doubt;
        }

        // A name that we released ourselves can stay taken for a while, because Fly deletes apps asynchronously.
        if (draft.Snapshot.User.Ownership?.ReleasedAt is { } released
            && draft.Snapshot.Now - new DateTimeOffset(released, TimeSpan.Zero) < draft.Timings.NameRelease)
        {
            return draft.Wait(Reasons.AppNameTaken, $"the name {draft.App} is still taken after its deletion", TimeSpan.FromSeconds(15));
        }

        if (draft.Snapshot is { User.Ownership: { ReleasedAt: null }, Guards.DestroysLeft: < 1 })
        {
            return draft.Blocked(
                Reasons.DestroyBudget, $"the app {draft.App} is not to be found as ours; this hour's destroy budget, from which giving it up is paid, is spent", TimeSpan.FromMinutes(1));
        }

        var next = NextName(draft);
        return draft.Act(
            Reasons.AppNameTaken,
            $"the name {draft.App} belongs to somebody else",
            [new Step.RenameApp(draft.App, next, Reasons.AppNameTaken)]);
    }

    private static string NextName(PlanDraft draft)
    {
        var prefix = draft.Snapshot.Policy.AppNamePrefix;
        for (var candidate = 0; candidate < 100; candidate++)
        {
            if (AppNames.Candidate(prefix, draft.Desired.UserId, candidate) == draft.App)
            {
                return AppNames.Candidate(prefix, draft.Desired.UserId, candidate + 1);
            }
        }

        return AppNames.Candidate(prefix, draft.Desired.UserId, 0);
    }
}
