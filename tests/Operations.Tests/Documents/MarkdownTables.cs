namespace Operations.Tests.Documents;

/// <summary>The rows of the tables of a document whose first cell is code.</summary>
internal static class MarkdownTables
{
    /// <param name="text">The document.</param>
    /// <returns>The heading above the table, and the cells.</returns>
    public static IEnumerable<(string Heading, IReadOnlyList<string> Cells)> Rows(string text)
    {
        var heading = "";
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith('#'))
            {
                heading = line.TrimStart('#').Trim();
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                yield return (heading, [.. line.Trim('|', ' ').Split('|').Select(c => c.Trim())]);
            }
        }
    }

    public static string Code(string cell) => cell.Trim('`');
}
