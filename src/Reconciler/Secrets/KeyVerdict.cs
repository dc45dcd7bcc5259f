namespace Reconciler.Secrets;

/// <summary>Whether a service key may be given to machines.</summary>
/// <param name="Problem">Why not, and what to do; null = it may. Never a part of the key.</param>
/// <param name="Warning">What will soon be a problem; null = nothing.</param>
public sealed record KeyVerdict(string? Problem, string? Warning)
{
    public static KeyVerdict Good { get; } = new(null, null);

    public static KeyVerdict Bad(string problem) => new(problem, null);
}
