namespace Reconciler.Queueing;

/// <summary>What kind of failure a key waits out; each kind has its own pace.</summary>
public enum BackoffClass
{
    /// <summary>408, 5xx, time-outs, resets.</summary>
    Transient,

    /// <summary>429 without a Retry-After.</summary>
    Throttled,

    /// <summary>No room in the region, or a quota.</summary>
    Capacity,

    /// <summary>Somebody else holds the machine or changed it first.</summary>
    Conflict,

    /// <summary>The app name belongs to somebody else; the next candidate is tried.</summary>
    NameTaken,

    /// <summary>The request itself is wrong; waiting alone seldom helps.</summary>
    Invalid,

    /// <summary>The token is refused.</summary>
    Unauthorised,

    /// <summary>Sent, outcome unknown; look before repeating.</summary>
    Ambiguous,

    /// <summary>The image cannot be found or pulled.</summary>
    Image,

    /// <summary>Our own code threw.</summary>
    Bug,

    /// <summary>The machine keeps exiting.</summary>
    CrashLoop,
}
