namespace Store;

/// <param name="Name">What was looked at.</param>
/// <param name="Outcome">How it looks.</param>
/// <param name="Finding">What was seen; safe to show.</param>
/// <param name="Fix">What to do; null when nothing is to be done.</param>
public sealed record StoreCheck(string Name, StoreCheckOutcome Outcome, string Finding, string? Fix = null);

public enum StoreCheckOutcome
{
    Ok,
    Warning,
    Failed,
}
