using System.Text;

namespace Store;

/// <summary>libpq's <c>host=db.example.com dbname='my db' password=it\'s</c>.</summary>
internal static class LibpqForm
{
    /// <summary>False when the text is not of this form; nothing is set then.</summary>
    public static bool TryRead(string text, ConnectionSettings settings)
    {
        if (Tokens(text) is not { } pairs || !pairs.All(static pair => ConnectionSettings.IsLibpqName(pair.Name)))
            return false;
        // "host=h;user=u" reads as one libpq pair, too. A host or a database with a semicolon does not exist.
        if (!pairs.Exists(static pair => pair.Name is "host" or "hostaddr")
            || pairs.Exists(static pair => pair.Name != "password" && pair.Value.Contains(';', StringComparison.Ordinal)))
            return false;
        foreach (var (name, value) in pairs)
            settings.Set(name, value);
        return true;
    }

    private static List<(string Name, string Value)>? Tokens(string text)
    {
        var pairs = new List<(string, string)>();
        var at = 0;
        while (true)
        {
            SkipSpace(text, ref at);
            if (at == text.Length)
                return pairs;
            var equals = text.IndexOf('=', at);
            if (equals < 0)
                return null;
            var name = text[at..equals].Trim();
            at = equals + 1;
            SkipSpace(text, ref at);
            if (name.Length == 0 || name.Any(char.IsWhiteSpace) || ReadValue(text, ref at) is not { } value)
                return null;
            pairs.Add((name, value));
        }
    }

    private static string? ReadValue(string text, ref int at)
    {
        var value = new StringBuilder();
        var quoted = at < text.Length && text[at] == '\'';
        if (quoted)
            at++;
        for (; at < text.Length; at++)
        {
            var unit = text[at];
            if (quoted && unit == '\'')
            {
                at++;
                return value.ToString();
            }
            if (!quoted && char.IsWhiteSpace(unit))
                return value.ToString();
            if (unit == '\\' && at + 1 < text.Length)
                unit = text[++at];
            value.Append(unit);
        }
        return quoted ? null : value.ToString();
    }

    private static void SkipSpace(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
            at++;
    }
}
