using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>A plan in the making: what every rule needs to look at, and the ways to answer.</summary>
internal sealed class PlanDraft(Snapshot snapshot, Assessment assessment)
{
    public Snapshot Snapshot { get; } = snapshot;
    public Assessment Assessment { get; } = assessment;
    public DesiredApp Desired => Snapshot.Desired;
    public ObservedApp Observed => Snapshot.Observed;
    public AppMemory Memory => Assessment.Memory;
    public Machine? Elected => Assessment.Elected;
    public MachineSpec? Spec => Assessment.Spec;
    public Timings Timings => Snapshot.Policy.Timings;
    public string App => Desired.AppName;

    /// <summary>Steps that an earlier rule found necessary and that go before any later rule's steps.</summary>
    public List<Step> Prefix { get; } = [];

    /// <summary>The reason of the first of <see cref="Prefix"/>; a plan of several rules is named after the first.</summary>
    private string? _prefixReason;

    public void Before(string reason, params ReadOnlySpan<Step> steps)
    {
        _prefixReason ??= reason;
        Prefix.AddRange(steps);
    }

    public Plan Act(string reason, string message, IReadOnlyList<Step> steps, IReadOnlyList<Drift>? drifts = null) => Make(
        Verdict.Act, _prefixReason ?? reason, message, [.. Prefix, .. steps], drifts ?? Assessment.Drifts, TimeSpan.Zero);

    public Plan Wait(string reason, string message, TimeSpan? after = null) => Prefix.Count > 0
        ? Act(reason, message, [])
        : Make(Verdict.Wait, reason, message, [], Assessment.Drifts, after ?? Timings.Poll);

    /// <summary>Waits in place of a plan that is right but too early.</summary>
    public Plan WaitBefore(Plan plan, string reason, string message) =>
        Make(Verdict.Wait, reason, message, [], plan.Drifts, Timings.Poll);

    public Plan Blocked(string reason, string message, TimeSpan? after = null) => Prefix.Count > 0
        ? Act(reason, message, [])
        : Make(Verdict.Blocked, reason, message, [], Assessment.Drifts, after);

    public Plan Settled(string reason = Reasons.Converged, string message = "as desired", TimeSpan? after = null) => Prefix.Count > 0
        ? Act(reason, message, [])
        : Make(Verdict.Settled, reason, message, [], Assessment.Drifts, after);

    private Plan Make(
        Verdict verdict, string reason, string message, IReadOnlyList<Step> steps, IReadOnlyList<Drift> drifts, TimeSpan? requeue) => new()
        {
            Verdict = verdict,
            Reason = reason,
            Message = message,
            Steps = steps,
            Drifts = drifts,
            RequeueAfter = requeue,
            Memory = Memory,
            Health = Assessment.Health,
            Notes = Assessment.Notes,
            Spec = Spec,
        };
}
