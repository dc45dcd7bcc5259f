namespace Reconciler.Secrets;

/// <summary>A secret value that cannot be printed, compared or serialised by accident. A class, not a record, because a record prints its members.</summary>
public sealed class SecretText(string value)
{
    /// <summary>The value itself: only for the request that carries it, or for a keyed digest.</summary>
    public string Reveal() => value;

    public override string ToString() => "(secret)";
}
