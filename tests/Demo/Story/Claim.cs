namespace Demo.Story;

internal enum ClaimState
{
    Waiting,
    Checking,
    Holds,
    Fails,
}

/// <summary>One sentence about the product, and how to find out whether it is true.</summary>
/// <param name="title">At most 46 characters: the table is read at 100 columns.</param>
/// <param name="check">Returns the evidence in a few words; throws <see cref="ClaimFailedException"/> when the claim does not hold.</param>
internal sealed class Claim(string title, Func<Scene, CancellationToken, Task<string>> check)
{
    public string Title => title;

    public Func<Scene, CancellationToken, Task<string>> Check => check;

    public ClaimState State { get; private set; }

    /// <summary>What was seen, or why the claim does not hold.</summary>
    public string Evidence { get; private set; } = "";

    public TimeSpan Took { get; private set; }

    public void Begin() => State = ClaimState.Checking;

    public void End(bool holds, string evidence, TimeSpan took)
    {
        (Evidence, Took) = (evidence, took);
        State = holds ? ClaimState.Holds : ClaimState.Fails;
    }
}

/// <summary>A claim does not hold; the message says what was seen instead.</summary>
internal sealed class ClaimFailedException(string message) : Exception(message);
