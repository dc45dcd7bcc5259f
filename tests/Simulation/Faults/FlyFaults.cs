using FlySim.Admin;

namespace Simulation.Faults;

/// <param name="Name">In traces and on the command line.</param>
/// <param name="Class">What it counts as.</param>
/// <param name="Applies">The calls that it can strike.</param>
/// <param name="Rule">What the model of Fly does to the call; drawn anew for each, because delays differ.</param>
internal sealed record FlyFault(string Name, FaultClass Class, Func<FlySite, bool> Applies, Func<SimRandom, FaultRule> Rule);

/// <summary>One call to Fly, its registry, Supabase or a machine.</summary>
/// <param name="Operation">As the model names it, for example <c>machines.create</c>.</param>
/// <param name="Mutating">Whether it changes something when it succeeds.</param>
/// <param name="App">Whose call it is; null when it is nobody's.</param>
internal readonly record struct FlySite(string Operation, bool Mutating, string? App = null)
{
    public bool IsOrgList => Operation == "orgs.machines";
    public bool IsList => Operation is "orgs.machines" or "machines.list" or "apps.list";
    public bool IsRead => !Mutating;

    /// <summary>The Machines API proper, whose bodies are JSON of known shapes.</summary>
    public bool IsApi => !Operation.StartsWith("program.", StringComparison.Ordinal)
        && !Operation.StartsWith("supabase.", StringComparison.Ordinal)
        && !Operation.StartsWith("registry.", StringComparison.Ordinal);
}

/// <summary>Every way in which a call to Fly can go wrong: the exhaustive sweep tries each at each call, the seeds draw from them.</summary>
internal static class FlyFaults
{
    /// <summary>Longer than any attempt of the client, so that nobody waits for the answer any more.</summary>
    private const int BeyondPatienceMs = 120_000;

    public static IReadOnlyList<FlyFault> All { get; } =
    [
        new("error-500", FaultClass.RefusedBefore, Any, _ => new() { Kind = FaultKinds.ErrorBefore, Status = 500 }),
        new("html", FaultClass.RefusedBefore, Any, _ => new() { Kind = FaultKinds.Html }),
        new("throttled", FaultClass.Throttled, Any, _ => new() { Kind = FaultKinds.RateLimit }),
        new("throttled-retry-after", FaultClass.Throttled, Any, r => new() { Kind = FaultKinds.RateLimit, RetryAfter = r.Between(1, 20) }),
        new("drop-before", FaultClass.RequestLost, Any, _ => new() { Kind = FaultKinds.DropBefore }),
        new("hang", FaultClass.Hang, Any, _ => new() { Kind = FaultKinds.TimeoutBefore, DelayMs = BeyondPatienceMs }),
        new("drop-after", FaultClass.ResponseLost, Any, _ => new() { Kind = FaultKinds.Drop }),
        new("hang-after", FaultClass.ResponseLost, Any, _ => new() { Kind = FaultKinds.Timeout, DelayMs = BeyondPatienceMs }),
        new("error-after", FaultClass.ResponseLost, Any, _ => new() { Kind = FaultKinds.ErrorAfter, Status = 500 }),
        new("late", FaultClass.LateApply, s => s.Mutating, r => new() { Kind = FaultKinds.Late, DelayMs = r.Between(2_000, 60_000) }),
        new("ok-error", FaultClass.WrongAnswer, s => s.IsApi, _ => new() { Kind = FaultKinds.OkError }),
        new("wrong-shape", FaultClass.WrongAnswer, s => s.IsApi, _ => new() { Kind = FaultKinds.WrongShape }),
        new("unknown-state", FaultClass.WrongAnswer, s => s.Operation.StartsWith("machines.", StringComparison.Ordinal) || s.IsOrgList, _ => new() { Kind = FaultKinds.UnknownState }),
        new("cut", FaultClass.CutAnswer, Any, _ => new() { Kind = FaultKinds.Cut }),
        new("truncated", FaultClass.CutAnswer, Any, _ => new() { Kind = FaultKinds.Truncate }),
        new("empty-body", FaultClass.CutAnswer, Any, _ => new() { Kind = FaultKinds.EmptyBody }),
        new("huge", FaultClass.HugeAnswer, s => s.IsApi, _ => new() { Kind = FaultKinds.Huge }),
        new("deep", FaultClass.HugeAnswer, s => s.IsApi, _ => new() { Kind = FaultKinds.Deep }),
        new("stale", FaultClass.StaleRead, s => s.IsApi && s.IsRead, r => new() { Kind = FaultKinds.Stale, AgeMs = r.Between(1_000, 10_000) }),
        new("empty-list", FaultClass.StaleRead, s => s.IsList, _ => new() { Kind = FaultKinds.EmptyList }),
        new("missing-page", FaultClass.StaleRead, s => s.IsOrgList, _ => new() { Kind = FaultKinds.MissingPage }),
        new("error-region", FaultClass.StaleRead, s => s.IsOrgList, _ => new() { Kind = FaultKinds.ErrorRegion, Region = "sin" }),
        new("not-found", FaultClass.FalseConflict, s => s.IsApi, _ => new() { Kind = FaultKinds.NotFound }),
        new("conflict", FaultClass.FalseConflict, s => s.IsApi && s.Mutating, _ => FaultRules.ConcurrentUpdate),
        new("lease-held", FaultClass.FalseConflict, s => s.Operation.StartsWith("machines.", StringComparison.Ordinal) && s.Mutating, _ => FaultRules.LeaseHeld),
        new("wrong-state", FaultClass.FalseConflict, s => s.IsApi && s.Mutating, _ => FaultRules.WrongState),
        new("host-full", FaultClass.FalseConflict, s => s.Operation is "machines.update" or "machines.start", _ => FaultRules.HostFull),
        new("no-capacity", FaultClass.FalseConflict, s => s.Operation == "machines.create", _ => FaultRules.NoCapacity),
        new("invalid", FaultClass.FalseConflict, s => s.IsApi && s.Mutating, _ => Status(422, "invalid_argument: rejected")),
        new("repeated-rows", FaultClass.StaleRead, s => s.IsOrgList, _ => new() { Kind = FaultKinds.RepeatRow }),
        new("upstream-timeout", FaultClass.Hang, s => s.IsApi, _ => FaultRules.UpstreamTimeout),
        new("unauthorised", FaultClass.Unauthorised, Any, _ => FaultRules.Unauthorized),
        new("forbidden", FaultClass.Unauthorised, Any, _ => FaultRules.Forbidden),
    ];

    private static bool Any(FlySite site) => true;

    private static FaultRule Status(int status, string error) =>
        new() { Kind = FaultKinds.Status, Status = status, Body = $$"""{"error":"{{error}}"}""" };
}
