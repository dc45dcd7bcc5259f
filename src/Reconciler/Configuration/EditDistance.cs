namespace Reconciler.Configuration;

/// <summary>How many typing mistakes two names are apart: insertions, deletions, substitutions and swaps of neighbours.</summary>
internal static class EditDistance
{
    private const int LongestTypo = 3;

    /// <summary>The name that is most likely meant; null when none is near.</summary>
    public static string? Nearest(string name, IEnumerable<string> candidates) => candidates
        .Where(candidate => Math.Abs(candidate.Length - name.Length) <= LongestTypo) // a long name costs its length times theirs
        .Select(candidate => (Candidate: candidate, Distance: Between(name, candidate)))
        .Where(pair => pair.Distance <= LongestTypo)
        .OrderBy(pair => pair.Distance)
        .ThenBy(pair => pair.Candidate, StringComparer.Ordinal)
        .Select(pair => pair.Candidate)
        .FirstOrDefault();

    public static int Between(string left, string right)
    {
        var (a, b) = (left.ToUpperInvariant(), right.ToUpperInvariant());
        var distance = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++)
        {
            for (var j = 0; j <= b.Length; j++)
            {
                distance[i, j] = Cell(i, j);
            }
        }

        return distance[a.Length, b.Length];

        int Cell(int i, int j)
        {
            if (i == 0 || j == 0)
            {
                return i + j;
            }

            var substitution = distance[i - 1, j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            var best = Math.Min(substitution, Math.Min(distance[i - 1, j], distance[i, j - 1]) + 1);
            var swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            return swapped ? Math.Min(best, distance[i - 2, j - 2] + 1) : best;
        }
    }
}
