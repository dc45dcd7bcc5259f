namespace Soak.Takeovers;

/// <summary>When the old leader's write meets the takeover.</summary>
internal enum Moment
{
    /// <summary>Over before.</summary>
    Before,

    /// <summary>Past the fence, waiting for a row that somebody else holds, while the next leader reaches for the lease.</summary>
    BlockedOnItsRow,

    /// <summary>Between two of its statements, while the next leader reaches for the lease.</summary>
    BetweenStatements,

    /// <summary>As <see cref="BlockedOnItsRow"/>, and its connection is cut while it waits.</summary>
    CutOff,

    /// <summary>Begun while the takeover is done but not committed.</summary>
    BehindTheTakeover,

    /// <summary>At the same time, without any order.</summary>
    Racing,

    /// <summary>By a process that was frozen and wakes up after.</summary>
    FrozenProcess,

    /// <summary>Begun after.</summary>
    After,

    /// <summary>With a token of several epochs before, perhaps of the holder who leads again.</summary>
    LongAfter,
}

internal enum Outcome
{
    /// <summary>The write was made.</summary>
    Written,

    /// <summary>The database said that somebody else leads.</summary>
    Fenced,

    /// <summary>The connection or a lock's time limit ended it; whether it was written is for the audit.</summary>
    Unavailable,
}

internal static class Moments
{
    public static string Text(Moment moment) => moment switch
    {
        Moment.Before => "before",
        Moment.BlockedOnItsRow => "blocked on its row meanwhile",
        Moment.BetweenStatements => "between two statements meanwhile",
        Moment.CutOff => "blocked, and its connection cut",
        Moment.BehindTheTakeover => "behind the takeover's commit",
        Moment.Racing => "at the same time",
        Moment.FrozenProcess => "by a process frozen meanwhile",
        Moment.After => "after",
        _ => "long after",
    };

    /// <summary>What the moment allows; more than one where the order is left to chance.</summary>
    public static bool Allows(Moment moment, Outcome outcome) => moment switch
    {
        Moment.Before or Moment.BlockedOnItsRow or Moment.BetweenStatements => outcome == Outcome.Written,
        Moment.CutOff => outcome == Outcome.Unavailable,
        Moment.BehindTheTakeover or Moment.After or Moment.LongAfter => outcome == Outcome.Fenced,
        Moment.FrozenProcess => outcome is Outcome.Fenced,
        _ => outcome is Outcome.Written or Outcome.Fenced,
    };
}
