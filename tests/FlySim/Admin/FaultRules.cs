namespace FlySim.Admin;

/// <summary>Refusals as Fly sends them, ready to strike once or in storms: set <see cref="FaultRule.Operation"/> and the rest with <c>with</c>.</summary>
public static class FaultRules
{
    /// <summary>The token was revoked, or has run out.</summary>
    public static FaultRule Unauthorized { get; } = Refusal(401, "unauthorized: token is missing, invalid or expired");

    /// <summary>The token does not reach so far.</summary>
    public static FaultRule Forbidden { get; } = Refusal(403, "unauthorized");

    public static FaultRule LeaseHeld { get; } =
        Refusal(409, "aborted: lease currently held by another-actor@tokens.fly.io, expires at 2099-01-01T00:00:00Z");

    public static FaultRule ConcurrentUpdate { get; } = Refusal(409, "aborted: machine is replacing: concurrent update in progress");

    public static FaultRule StillStarting { get; } = Refusal(409, "aborted: machine still attempting to start");

    /// <summary>A lack of room under the status of a conflict: only the text tells them apart.</summary>
    public static FaultRule HostFull { get; } = Refusal(
        409, "aborted: could not reserve resource for machine: insufficient CPUs available to fulfill request", "insufficient_capacity");

    public static FaultRule WrongState { get; } =
        Refusal(412, "failed_precondition: unable to start machine from current state: 'created'");

    public static FaultRule BeingReplaced { get; } = Refusal(412, "failed_precondition: machine getting replaced, refusing to start");

    public static FaultRule VersionMismatch { get; } =
        Refusal(412, "failed_precondition: current_version 01SIM does not match the machine's version 01OTHER");

    public static FaultRule AppNameTaken { get; } =
        Refusal(422, "unprocessable entity: Validation failed: Name has already been taken", "name_taken");

    public static FaultRule NoCapacity { get; } =
        Refusal(422, "no capacity available: could not find a candidate host", "insufficient_capacity");

    public static FaultRule MachineLimit { get; } = Refusal(422, "unprocessable entity: organization has reached its machine limit");

    public static FaultRule ManifestUnknown { get; } =
        Refusal(400, "invalid_argument: failed to get manifest: MANIFEST_UNKNOWN: manifest unknown to registry");

    /// <summary>Whether it happened, nobody knows.</summary>
    public static FaultRule UpstreamTimeout { get; } = Refusal(408, "deadline_exceeded: upstream request timed out");

    public static FaultRule Unavailable { get; } = Refusal(503, "unavailable: upstream connect error");

    public static FaultRule Throttled { get; } = new() { Kind = FaultKinds.RateLimit };

    private static FaultRule Refusal(int status, string error, string? code = null) => new()
    {
        Kind = FaultKinds.Status,
        Status = status,
        Body = code is null ? $"{{\"error\":\"{error}\"}}" : $"{{\"error\":\"{error}\",\"status\":\"{code}\"}}",
    };
}
