namespace Reconciler.Rollouts;

/// <summary>What is known of a user who was moved.</summary>
internal enum Finding
{
    /// <summary>On its way.</summary>
    Waiting,

    /// <summary>On its way, and the world stands in it: says nothing about the revision.</summary>
    Hindered,

    /// <summary>As wished, for a short time only.</summary>
    Proving,

    /// <summary>As wished for long enough.</summary>
    Good,

    /// <summary>The revision's fault.</summary>
    Failed,

    /// <summary>Nothing can be learnt here, and nobody is worse off for it.</summary>
    Skipped,
}

/// <param name="Class">A word of a closed set, for metrics; empty while nothing is to be told.</param>
/// <param name="Why">The same as a sentence, without clock times that move.</param>
internal sealed record Judgement(Finding Finding, string Class, string Why)
{
    public static Judgement Waiting(string why) => new(Finding.Waiting, "", why);

    public static Judgement Hindered(string @class, string why) => new(Finding.Hindered, @class, why);

    public static Judgement Failed(string @class, string why) => new(Finding.Failed, @class, why);

    public static Judgement Skipped(string @class, string why) => new(Finding.Skipped, @class, why);
}
