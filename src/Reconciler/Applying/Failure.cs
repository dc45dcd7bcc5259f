using FlyApi;
using Reconciler.Model;
using Reconciler.Queueing;

namespace Reconciler.Applying;

/// <summary>From Fly's error classes to ours: the reason an operator reads and the backoff that follows. One row a class.</summary>
internal static class Failure
{
    public static ApplyStop.Failed From(FlyApiException exception, string step)
    {
        var (reason, backoff) = Classify(exception);
        return new ApplyStop.Failed(reason, exception.Message, backoff, step, exception.RetryAfter, exception.RequestId);
    }

    public static (string Reason, BackoffClass Backoff) Classify(FlyApiException exception) => exception.Class switch
    {
        FlyErrorClass.Transient => (Reasons.FlyTransient, BackoffClass.Transient),
        FlyErrorClass.Throttled => (Reasons.FlyThrottled, BackoffClass.Throttled),
        FlyErrorClass.Capacity => (Reasons.FlyCapacity, BackoffClass.Capacity),
        FlyErrorClass.Conflict => (Reasons.FlyConflict, BackoffClass.Conflict),
        FlyErrorClass.NameTaken => (Reasons.AppNameTaken, BackoffClass.NameTaken),
        FlyErrorClass.NotFound => (Reasons.FlyNotFound, BackoffClass.Transient),
        FlyErrorClass.Invalid when exception.Detail == FlyErrorDetail.ManifestUnknown => (Reasons.ImageUnresolved, BackoffClass.Image),
        FlyErrorClass.Invalid => (Reasons.FlyInvalid, BackoffClass.Invalid),
        FlyErrorClass.Unauthorised => (Reasons.FlyUnauthorised, BackoffClass.Unauthorised),
        FlyErrorClass.AmbiguousOutcome => (Reasons.OutcomeUnknown, BackoffClass.Ambiguous),
        _ => (Reasons.FlyTransient, BackoffClass.Transient),
    };
}
