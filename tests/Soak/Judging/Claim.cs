namespace Soak.Judging;

/// <summary>One sentence about the run, whether it is true, and what was seen.</summary>
internal sealed record Claim(string Title, bool Holds, string Evidence)
{
    /// <summary>Holds when nothing speaks against it; otherwise the first few problems are the evidence.</summary>
    public static Claim Unless(IReadOnlyList<string> problems, string title, string evidence) => new(
        title,
        problems.Count == 0,
        problems.Count == 0 ? evidence : $"{problems.Count} problem(s): {string.Join("; ", problems.Take(5))}");
}
