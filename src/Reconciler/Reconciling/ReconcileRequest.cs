using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Reconciling;

/// <summary>One level-based pass for one user; carries the key and how urgent the asking was, never an event.</summary>
/// <param name="Forced">An operator asked: backoff is passed over and a rejected spec tried again.</param>
/// <param name="IgnoreBackoff">A person waits for this one pass (<c>once</c>): a wait that was written down is passed over.</param>
/// <param name="Deep">Read what is normally remembered, too.</param>
internal sealed record ReconcileRequest(Guid UserId, bool Forced, bool IgnoreBackoff, bool Deep);

/// <summary>How a pass ended.</summary>
public enum ReconcileOutcome
{
    /// <summary>As wished: Ready, or stopped or gone as it should be.</summary>
    Converged,

    /// <summary>Steps were taken, or something is on its way.</summary>
    Progressing,

    /// <summary>A guard, a pause or a wrong input holds the user; waiting alone will not help.</summary>
    Blocked,

    /// <summary>A call failed.</summary>
    Failed,
}

/// <summary>The answer of one pass.</summary>
/// <param name="After">When to look again; null = only when something changes.</param>
/// <param name="IsBackoff">The wait is a failure's: only a new wish or a force may shorten it.</param>
/// <param name="Reason">In one word, from <see cref="Reasons"/>.</param>
/// <param name="Message">The same as a sentence.</param>
internal sealed record ReconcileResult(ReconcileOutcome Outcome, TimeSpan? After, bool IsBackoff, string Reason, string Message)
{
    public static ReconcileResult NoSuchUser { get; } =
        new(ReconcileOutcome.Converged, null, false, Reasons.Deprovisioned, "no such user");

    public bool Converged => Outcome == ReconcileOutcome.Converged;
}
