namespace Soak.Soaking;

/// <summary>The faults of networks, proxies and limits, each seldom. Answers of another shape or size are the simulation's business.</summary>
internal static class FaultMix
{
    public static IReadOnlyList<FaultRule> Rules { get; } =
    [
        new() { Kind = FaultKinds.EmptyList, Operation = "orgs.machines", Probability = 0.08 },
        new() { Kind = FaultKinds.MissingPage, Operation = "orgs.machines", Probability = 0.08 },
        new() { Kind = FaultKinds.EmptyPage, Operation = "orgs.machines", Probability = 0.08 },
        new() { Kind = FaultKinds.ErrorRegion, Operation = "orgs.machines", Region = "sin", Probability = 0.08 },
        new() { Kind = FaultKinds.ErrorBefore, Probability = 0.008 },
        new() { Kind = FaultKinds.ErrorAfter, Probability = 0.008 },
        new() { Kind = FaultKinds.Drop, Probability = 0.006 },
        new() { Kind = FaultKinds.DropBefore, Probability = 0.006 },
        // Longer and shorter than the daemon waits for an answer.
        new() { Kind = FaultKinds.Timeout, DelayMs = 4000, Probability = 0.002 },
        new() { Kind = FaultKinds.TimeoutBefore, DelayMs = 4000, Probability = 0.002 },
        new() { Kind = FaultKinds.Late, DelayMs = 3000, Probability = 0.003 },
        new() { Kind = FaultKinds.Late, DelayMs = 700, Probability = 0.003 },
        new() { Kind = FaultKinds.Delay, DelayMs = 600, Probability = 0.01 },
        new() { Kind = FaultKinds.Html, Probability = 0.006 },
        new() { Kind = FaultKinds.Truncate, Probability = 0.006 },
        new() { Kind = FaultKinds.RateLimit, RetryAfter = 1, Probability = 0.004 },
        new() { Kind = FaultKinds.RateLimit, Probability = 0.004 },
        new() { Kind = FaultKinds.Status, Status = 503, Body = "<busy>", Probability = 0.004 },
        new() { Kind = FaultKinds.Status, Status = 409, Body = """{"error":"aborted: the machine is busy"}""", Probability = 0.003 },
        new() { Kind = FaultKinds.Status, Status = 412, Body = """{"error":"failed_precondition: machine is not in a startable state"}""", Operation = "machines.*", Probability = 0.003 },
    ];

    /// <summary>Each kind once for certain, spread over the beginning: chance alone would leave one out of a short run now and then.</summary>
    public static IReadOnlyList<FaultRule> Once { get; } =
        [.. Rules.DistinctBy(r => r.Kind).Select((rule, i) => rule with { Probability = 1, Count = 1, Skip = rule.Operation is "orgs.machines" ? 3 + (2 * i) : 20 * i })];

    /// <summary>Each must have struck.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Rules.Select(r => r.Kind).Distinct(StringComparer.Ordinal)];
}
