namespace Reconciler.Queueing;

/// <summary>Doubling waits between two bounds.</summary>
/// <param name="Base">The longest first wait. More than zero.</param>
/// <param name="Cap">The longest wait ever. At least <paramref name="Base"/>.</param>
public sealed record BackoffPolicy(TimeSpan Base, TimeSpan Cap)
{
    private static readonly BackoffPolicy Transient = new(TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
    private static readonly BackoffPolicy Throttled = new(TimeSpan.FromSeconds(2), TimeSpan.FromMinutes(2));
    private static readonly BackoffPolicy Capacity = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(30));
    private static readonly BackoffPolicy Conflict = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
    private static readonly BackoffPolicy NameTaken = new(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10));
    private static readonly BackoffPolicy Invalid = new(TimeSpan.FromMinutes(1), TimeSpan.FromHours(1));
    private static readonly BackoffPolicy Unauthorised = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(5));
    private static readonly BackoffPolicy Ambiguous = new(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));

    /// <summary>10 s to 5 min, as the kubelet waits for image pulls and crash loops.</summary>
    private static readonly BackoffPolicy Image = new(TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(5));
    private static readonly BackoffPolicy CrashLoop = Image;

    /// <summary>Long, because only a new release helps; not endless, because the input may change.</summary>
    private static readonly BackoffPolicy Bug = new(TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(30));

    /// <exception cref="ArgumentOutOfRangeException">The class is not one of the enumeration's.</exception>
    public static BackoffPolicy For(BackoffClass failure) => failure switch
    {
        BackoffClass.Transient => Transient,
        BackoffClass.Throttled => Throttled,
        BackoffClass.Capacity => Capacity,
        BackoffClass.Conflict => Conflict,
        BackoffClass.NameTaken => NameTaken,
        BackoffClass.Invalid => Invalid,
        BackoffClass.Unauthorised => Unauthorised,
        BackoffClass.Ambiguous => Ambiguous,
        BackoffClass.Image => Image,
        BackoffClass.Bug => Bug,
        BackoffClass.CrashLoop => CrashLoop,
        _ => throw new ArgumentOutOfRangeException(nameof(failure), failure, "An unknown class of failure has no pace."),
    };
}
