namespace Reconciler.Telemetry;

/// <summary>Log levels that were given at run time, as the last and so the strongest source of configuration.</summary>
internal sealed class LogLevels : ConfigurationProvider, IConfigurationSource
{
    private const string Section = "Logging:LogLevel:";

    public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

    /// <param name="levels">By category; what was given before and is not in it is as configured again.</param>
    public void Replace(IReadOnlyDictionary<string, LogLevel> levels)
    {
        Data = levels.ToDictionary(static l => Section + l.Key, static l => (string?)l.Value.ToString(), StringComparer.OrdinalIgnoreCase);
        OnReload();
    }

    /// <summary>
    /// One <c>Category=Level</c> in each line, as in <c>Reconciler.Applying=Debug</c> or <c>Default=Warning</c>; empty lines and
    /// lines that begin with <c>#</c> are passed over.
    /// </summary>
    /// <param name="text">What the file holds.</param>
    /// <param name="problems">Lines that are neither, by number; the others count.</param>
    public static IReadOnlyDictionary<string, LogLevel> Parse(string text, out IReadOnlyList<int> problems)
    {
        var levels = new SortedDictionary<string, LogLevel>(StringComparer.OrdinalIgnoreCase);
        var bad = new List<int>();
        var number = 0;
        foreach (var line in text.Split('\n').Select(static l => l.Trim()))
        {
            number++;
            if (line.Length == 0 || line[0] == '#')
            {
                continue;
            }

            var parts = line.Split('=', 2, StringSplitOptions.TrimEntries);
            if (parts is [{ Length: > 0 } category, var word] && !category.Contains(':', StringComparison.Ordinal)
                && Enum.TryParse<LogLevel>(word, ignoreCase: true, out var level) && Enum.IsDefined(level) && !char.IsAsciiDigit(word[0]))
            {
                levels[category] = level;
            }
            else
            {
                bad.Add(number);
            }
        }

        problems = bad;
        return levels;
    }
}
