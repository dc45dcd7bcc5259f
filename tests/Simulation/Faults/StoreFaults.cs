namespace Simulation.Faults;

/// <summary>Every way in which a transaction can go wrong for whoever sent it.</summary>
internal enum StoreFaultKind
{
    /// <summary>Refused or disconnected; nothing was committed.</summary>
    Down,

    /// <summary>Committed, and the connection broke before the answer.</summary>
    ReplyLost,

    /// <summary>No answer until the command's time is over; nothing was committed.</summary>
    Hang,

    /// <summary>No answer until the command's time is over, and it was committed all the same.</summary>
    HangAfter,

    /// <summary>Deadlock or serialisation failure that outlasted the store's own retries.</summary>
    Serialisation,

    /// <summary>Slow, nothing else.</summary>
    Slow,

    /// <summary>A read answered as a replica that lags would: with what the same read said last time.</summary>
    Stale,
}

/// <summary>One transaction.</summary>
internal readonly record struct StoreSite(string Method, bool Writes);

internal static class StoreFaults
{
    public static IReadOnlyList<StoreFaultKind> All { get; } = Enum.GetValues<StoreFaultKind>();

    public static bool Applies(StoreFaultKind kind, StoreSite site) => kind switch
    {
        StoreFaultKind.ReplyLost or StoreFaultKind.HangAfter => site.Writes,
        StoreFaultKind.Stale => site.Method is "ReadUser" or "ReadSummaries" or "ReadPending",
        _ => true,
    };

    public static FaultClass ClassOf(StoreFaultKind kind) => kind switch
    {
        StoreFaultKind.Down => FaultClass.DatabaseDown,
        StoreFaultKind.ReplyLost or StoreFaultKind.HangAfter => FaultClass.CommitReplyLost,
        StoreFaultKind.Hang or StoreFaultKind.Slow => FaultClass.DatabaseHangs,
        StoreFaultKind.Serialisation => FaultClass.Serialisation,
        _ => FaultClass.StaleDatabaseRead,
    };
}
