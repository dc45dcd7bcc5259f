using System.Net;
using FlyApi.Calls;

namespace FlyApi.Errors;

/// <summary>
/// Decides what an answer other than 2xx means. Pure. Statuses are overloaded, so the order is: Fly's machine-readable code,
/// then its text, then the HTTP status.
/// </summary>
internal static class FlyErrorClassifier
{
    /// <param name="repeatable">See <see cref="FlyCall.Repeatable"/>.</param>
    public static FlyVerdict Classify(string operation, bool repeatable, HttpStatusCode status, FlyErrorBody body)
    {
        if (operation == FlyOperations.ManifestGet)
        {
            return ClassifyRegistry(status);
        }

        if (ByCode(operation, body) is { } coded)
        {
            return coded;
        }

        if (FlyErrorPhrases.AnyStatus(body.Text) is { } anywhere)
        {
            return anywhere;
        }

        var textDecides = status is HttpStatusCode.BadRequest or HttpStatusCode.Forbidden or HttpStatusCode.Conflict
            or HttpStatusCode.PreconditionFailed or HttpStatusCode.UnprocessableEntity;
        return textDecides && body.IsFlys && FlyErrorPhrases.Refusal(operation, status, body.Text) is { } told
            ? told
            : ByStatus(operation, repeatable, status, body.IsFlys);
    }

    /// <summary>A start answered with 200 and status "error": the text says why, and without a known one the machine's state does not allow it.</summary>
    public static FlyVerdict ClassifyFailedStart(FlyErrorBody body) =>
        Classify(FlyOperations.MachineStart, repeatable: true, HttpStatusCode.PreconditionFailed, body);

    /// <summary>No trustworthy answer: repeat what may be repeated; for the rest the outcome is unknown.</summary>
    public static FlyErrorClass Unclear(bool repeatable) => repeatable ? FlyErrorClass.Transient : FlyErrorClass.AmbiguousOutcome;

    private static FlyVerdict? ByCode(string operation, FlyErrorBody body) => (body.Code, operation) switch
    {
        ("insufficient_capacity", _) => new(FlyErrorClass.Capacity, FlyErrorDetail.RegionCapacity),
        ("volume_placement_capacity", _) => new(FlyErrorClass.Capacity, FlyErrorDetail.HostCapacity),
        ("name_taken", FlyOperations.AppCreate) => new(FlyErrorClass.NameTaken),
        ("name_taken", FlyOperations.MachineCreate) =>
            new(FlyErrorClass.Conflict, FlyErrorDetail.MachineNameTaken, FlyErrorPhrases.MachineIdIn(body.Text)),
        _ => null,
    };

    private static FlyVerdict ByStatus(string operation, bool repeatable, HttpStatusCode status, bool isFlys) => status switch
    {
        HttpStatusCode.Unauthorized => new(FlyErrorClass.Unauthorised),

        // From a proxy these two say nothing about the object; believing them would declare it absent, or someone else's.
        HttpStatusCode.NotFound or HttpStatusCode.Forbidden when !isFlys => new(Unclear(repeatable), FlyErrorDetail.UnreadableAnswer),
        HttpStatusCode.Forbidden => new(FlyErrorClass.Unauthorised),
        HttpStatusCode.NotFound => new(FlyErrorClass.NotFound),
        HttpStatusCode.RequestTimeout => new(Unclear(repeatable)),
        HttpStatusCode.Conflict => Conflict(operation),
        HttpStatusCode.PreconditionFailed when operation == FlyOperations.MetadataPatch =>
            new(FlyErrorClass.Conflict, FlyErrorDetail.VersionMismatch),
        HttpStatusCode.PreconditionFailed => new(FlyErrorClass.Conflict, FlyErrorDetail.WrongState),
        HttpStatusCode.TooManyRequests => new(FlyErrorClass.Throttled),
        >= HttpStatusCode.InternalServerError => new(Unclear(repeatable)),
        >= HttpStatusCode.BadRequest => new(FlyErrorClass.Invalid),

        // A redirect or an informational answer: the API documents neither.
        _ => new(Unclear(repeatable), FlyErrorDetail.UnreadableAnswer),
    };

    private static FlyVerdict Conflict(string operation) => operation switch
    {
        FlyOperations.AppCreate => new(FlyErrorClass.NameTaken),
        FlyOperations.LeaseAcquire or FlyOperations.LeaseRefresh => new(FlyErrorClass.Conflict, FlyErrorDetail.LeaseHeld),
        FlyOperations.MachineWait => new(FlyErrorClass.Conflict, FlyErrorDetail.WrongState),
        _ => new(FlyErrorClass.Conflict),
    };

    private static FlyVerdict ClassifyRegistry(HttpStatusCode status) => status switch
    {
        HttpStatusCode.NotFound => new(FlyErrorClass.NotFound),
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new(FlyErrorClass.Unauthorised),
        HttpStatusCode.TooManyRequests => new(FlyErrorClass.Throttled),
        _ => new(FlyErrorClass.Transient),
    };
}
