namespace FlySim.Admin;

/// <summary>What goes wrong, and for which requests. The first rule that matches a request and rolls true is used.</summary>
public sealed record FaultRule
{
    /// <summary>One of <see cref="FaultKinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>An operation's name as in the call log (<c>machines.create</c>), or a prefix that ends in <c>*</c>. Null = all.</summary>
    public string? Operation { get; init; }

    public string? Method { get; init; }

    /// <summary>Only requests below this app's address; the one that creates it is not among them.</summary>
    public string? App { get; init; }

    /// <summary>Only requests that change something, or only those that do not. Null = all.</summary>
    public bool? Mutating { get; init; }

    public string? PathContains { get; init; }

    /// <summary>Status of the answer; default 500 (502 for html).</summary>
    public int? Status { get; init; }

    /// <summary>Body of the answer; default a JSON error.</summary>
    public string? Body { get; init; }

    /// <summary>How many requests it strikes; null = all.</summary>
    public int? Count { get; init; }

    /// <summary>Matching requests let through first.</summary>
    public int Skip { get; init; }

    public double Probability { get; init; } = 1;

    /// <summary>
    /// Delay before the request takes effect; for the timeouts how long the answer is withheld (default 120 s).
    /// Real milliseconds of the server's clock.
    /// </summary>
    public int? DelayMs { get; init; }

    /// <summary>Seconds, sent as Retry-After with a rate-limit.</summary>
    public int? RetryAfter { get; init; }

    /// <summary>The region that an error-region list leaves out.</summary>
    public string? Region { get; init; }

    /// <summary>How old the world is that a stale read shows; default 10 s.</summary>
    public int? AgeMs { get; init; }

    /// <summary>The length of a huge answer (default 100 MB), or how deep a deep one is (default 10,000).</summary>
    public long? Size { get; init; }

    /// <summary>Whether a huge answer keeps its length to itself, so that the reader has to count.</summary>
    public bool Unannounced { get; init; }
}

/// <summary>The kinds of faults.</summary>
public static class FaultKinds
{
    /// <summary>Answers an error; nothing happened.</summary>
    public const string ErrorBefore = "error-before";

    /// <summary>It happened; answers an error.</summary>
    public const string ErrorAfter = "error-after";

    /// <summary>It happened; the connection breaks without an answer.</summary>
    public const string Drop = "drop";

    /// <summary>The connection breaks; nothing happened.</summary>
    public const string DropBefore = "drop-before";

    /// <summary>It happened; no answer comes.</summary>
    public const string Timeout = "timeout";

    /// <summary>Nothing happened and no answer comes.</summary>
    public const string TimeoutBefore = "timeout-before";

    /// <summary>Takes effect only after <see cref="FaultRule.DelayMs"/>, whether or not the caller still waits.</summary>
    public const string Late = "late";

    /// <summary>Slow by <see cref="FaultRule.DelayMs"/>, nothing else.</summary>
    public const string Delay = "delay";

    /// <summary>A proxy's HTML page; nothing happened.</summary>
    public const string Html = "html";

    /// <summary>It happened; the answer's JSON is cut in half.</summary>
    public const string Truncate = "truncate";

    /// <summary>A list comes back empty and complete-looking.</summary>
    public const string EmptyList = "empty-list";

    /// <summary>A page comes back empty with a cursor that skips its rows.</summary>
    public const string MissingPage = "missing-page";

    /// <summary>A page comes back empty, and its rows with the next one: allowed by the API's contract.</summary>
    public const string EmptyPage = "empty-page";

    /// <summary>The organisation's list leaves a region out and names it in error_regions.</summary>
    public const string ErrorRegion = "error-region";

    public const string RateLimit = "rate-limit";

    /// <summary>Answers <see cref="FaultRule.Status"/> and <see cref="FaultRule.Body"/> as given; nothing happened.</summary>
    public const string Status = "status";

    /// <summary>Answers 200 with a body that says it failed; nothing happened.</summary>
    public const string OkError = "ok-error";

    /// <summary>It happened; answers JSON of a shape that nobody described, or <see cref="FaultRule.Body"/>.</summary>
    public const string WrongShape = "wrong-shape";

    /// <summary>It happened; every state in the answer is one that nobody described.</summary>
    public const string UnknownState = "unknown-state";

    /// <summary>It happened; answers with no body.</summary>
    public const string EmptyBody = "empty-body";

    /// <summary>It happened; the answer is followed by blanks up to <see cref="FaultRule.Size"/>, which is valid JSON.</summary>
    public const string Huge = "huge";

    /// <summary>It happened; answers JSON that is nested <see cref="FaultRule.Size"/> deep.</summary>
    public const string Deep = "deep";

    /// <summary>It happened; the connection breaks in the middle of the answer.</summary>
    public const string Cut = "cut";

    /// <summary>Answers that the app or the machine does not exist; nothing happened.</summary>
    public const string NotFound = "not-found";

    /// <summary>A read shows the world as it was <see cref="FaultRule.AgeMs"/> ago; a write is not struck.</summary>
    public const string Stale = "stale";

    /// <summary>A page of the organisation's list begins with the last row of the page before; the first page has its first row twice.</summary>
    public const string RepeatRow = "repeat-row";

    public static IReadOnlyList<string> All { get; } =
    [
        ErrorBefore, ErrorAfter, Drop, DropBefore, Timeout, TimeoutBefore, Late, Delay, Html, Truncate, EmptyList, MissingPage,
        EmptyPage, ErrorRegion, RateLimit, Status, OkError, WrongShape, UnknownState, EmptyBody, Huge, Deep, Cut, NotFound, Stale,
        RepeatRow,
    ];
}
