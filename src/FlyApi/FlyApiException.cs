using System.Net;

namespace FlyApi;

/// <summary>What a failed call means for the caller: a closed set, so that each class has one retry policy.</summary>
public enum FlyErrorClass
{
    /// <summary>Try again later: 5xx on a read or an idempotent write, refused connections, answers that cannot be parsed.</summary>
    Transient,

    /// <summary>429: Fly's rate limit.</summary>
    Throttled,

    /// <summary>No room in the region, on the host, or in the organisation's quota.</summary>
    Capacity,

    /// <summary>Somebody else is acting on the same object, or it is not in a state that allows the call.</summary>
    Conflict,

    /// <summary>The app name is held, by us or by a stranger.</summary>
    NameTaken,

    /// <summary>404 where the object had to exist.</summary>
    NotFound,

    /// <summary>Our request is wrong; repeating it cannot help.</summary>
    Invalid,

    /// <summary>401, or 403 that is not a quota.</summary>
    Unauthorised,

    /// <summary>A write that is not idempotent may or may not have happened: observe before acting again.</summary>
    AmbiguousOutcome,
}

/// <summary>Which of several meanings an overloaded status has (409 alone has five).</summary>
public enum FlyErrorDetail
{
    None,
    LeaseHeld,
    ConcurrentUpdate,
    MachineNameTaken,
    HostCapacity,
    AlreadyStarting,
    WrongState,
    VersionMismatch,
    ManifestUnknown,
    RegionCapacity,
    Quota,
    UnreadableAnswer,
    CircuitOpen,
}

/// <summary>
/// A call that Fly refused, or whose answer cannot be trusted. Holds the status, Fly's request id and Fly's own text,
/// shortened to 500 characters with control characters removed; never the request body, a header or a token.
/// </summary>
public sealed class FlyApiException : Exception
{
    public FlyApiException(
        FlyErrorClass errorClass,
        string operation,
        HttpStatusCode? status,
        string text,
        string? requestId = null,
        FlyErrorDetail detail = FlyErrorDetail.None,
        TimeSpan? retryAfter = null,
        string? existingMachineId = null,
        Exception? innerException = null)
        : base(Compose(errorClass, operation, status, text, requestId), innerException)
    {
        Class = errorClass;
        Operation = operation;
        Status = status;
        Text = text;
        RequestId = requestId;
        Detail = detail;
        RetryAfter = retryAfter;
        ExistingMachineId = existingMachineId;
    }

    public FlyErrorClass Class { get; }

    public FlyErrorDetail Detail { get; }

    /// <summary>The call's low-cardinality name, for example <c>machines.create</c>.</summary>
    public string Operation { get; }

    /// <summary>Null when no answer came.</summary>
    public HttpStatusCode? Status { get; }

    public string Text { get; }

    /// <summary>The <c>fly-request-id</c> header, to quote to Fly's support.</summary>
    public string? RequestId { get; }

    /// <summary>How long Fly asked us to wait, when it did.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>The machine that holds the name, when <see cref="Detail"/> is <see cref="FlyErrorDetail.MachineNameTaken"/>.</summary>
    public string? ExistingMachineId { get; }

    private static string Compose(FlyErrorClass errorClass, string operation, HttpStatusCode? status, string text, string? requestId)
    {
        var answer = status is { } code ? $"HTTP {(int)code}" : "no answer";
        var request = requestId is null ? "" : $" (fly-request-id {requestId})";
        return $"{operation}: {errorClass}, {answer}: {text}{request}";
    }
}
