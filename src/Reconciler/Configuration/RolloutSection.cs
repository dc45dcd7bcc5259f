using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Cronos;
using Reconciler.Rollouts;

namespace Reconciler.Configuration;

/// <summary>Reads how a change of the fleet reaches its users, for all changes and for one kind of them.</summary>
internal static class RolloutSection
{
    private const string Root = "Reconciler:Rollout";
    private const string CanaryUsers = ":CanaryUsers";
    private const string Waves = ":Waves";
    private const string MaxUnavailable = ":MaxUnavailable";
    private const string Windows = ":Windows";

    public static RolloutSettings Read(SettingsReader reader)
    {
        var general = ReadStrategy(reader, Root, new Strategy());
        return new RolloutSettings
        {
            Enabled = reader.Flag(Root + ":Enabled", fallback: true),
            Interval = reader.Duration(Root + ":Interval", TimeSpan.FromSeconds(2), TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)),
            Strategy = general,
            Image = ReadStrategy(reader, Root + ":Image", general),
            Secrets = ReadStrategy(reader, Root + ":Secrets", general),
            Template = ReadStrategy(reader, Root + ":Template", general),
        };
    }

    /// <summary>What a kind does not set is as for all.</summary>
    private static Strategy ReadStrategy(SettingsReader reader, string section, Strategy fallback)
    {
        var strategy = ReadValues(reader, section, fallback);
        var (named, count) = (strategy.CanaryUsers.Count, strategy.CanaryCount);
        var isInherited = section != Root && count == fallback.CanaryCount && strategy.CanaryUsers.SequenceEqual(fallback.CanaryUsers);
        if (named > count && !isInherited)
        {
            reader.Warn(
                section + CanaryUsers,
                string.Create(CultureInfo.InvariantCulture, $"names {named}, and the canary has {count}: the others wait like everybody else; raise {SettingsReader.Display(section)}__CanaryCount to have them all go first"));
        }

        return strategy;
    }

    private static Strategy ReadValues(SettingsReader reader, string section, Strategy fallback) => new()
    {
        CanaryUsers = reader.Read<string[]>(
            section + CanaryUsers, [.. fallback.CanaryUsers], "user ids or app names, separated by commas", TryNames, Otherwise(section, CanaryUsers, "none")),
        CanaryCount = reader.Whole(section + ":CanaryCount", fallback.CanaryCount, 0, 1000),
        Waves = reader.Read<double[]>(
            section + Waves,
            [.. fallback.Waves],
            "growing shares of the fleet, the last one 1, separated by commas, such as 0.05,0.25,1",
            TryWaves,
            Otherwise(section, Waves, "0.05,0.25,1")),
        MaxUnavailable = reader.Read<int?>(
            section + MaxUnavailable,
            fallback.MaxUnavailable,
            "a whole number from 1 to 1000",
            TryMost,
            Otherwise(section, MaxUnavailable, "1 in the canary and later 5 % of the fleet, from 1 to 10")),
        MinHealthyTime = reader.Duration(section + ":MinHealthyTime", fallback.MinHealthyTime, TimeSpan.Zero, TimeSpan.FromHours(1)),
        UserDeadline = reader.Duration(section + ":UserDeadline", fallback.UserDeadline, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        Soak = reader.Duration(section + ":Soak", fallback.Soak, TimeSpan.Zero, TimeSpan.FromDays(7)),
        Windows = reader.Read<CronExpression[]>(
            section + Windows,
            [.. fallback.Windows],
            "cron expressions of five fields (UTC) that name minutes, separated by semicolons, such as * 8-15 * * MON-THU",
            TryWindows,
            Otherwise(section, Windows, "any time")),
        FailureThreshold = reader.Whole(section + ":FailureThreshold", fallback.FailureThreshold, 0, 1000),
    };

    /// <summary>What a kind gets that does not set it.</summary>
    private static string Otherwise(string section, string name, string byDefault) =>
        section == Root ? byDefault : $"what {SettingsReader.Display(Root + name)} says";

    private static bool TryNames(string text, [NotNullWhen(true)] out string[]? names)
    {
        // An id has more spellings than one, and names a user in that of the database only.
        names = [.. Split(text, ',').Select(n => Guid.TryParse(n, out var id) ? id.ToString() : n)];
        return names.Length > 0 && names.All(n => n.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-'));
    }

    private static bool TryWaves(string text, [NotNullWhen(true)] out double[]? waves)
    {
        var parts = Split(text, ',');
        waves = new double[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!double.TryParse(parts[i], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out waves[i])
                || waves[i] is not (> 0 and <= 1) || (i > 0 && waves[i] <= waves[i - 1]))
            {
                return false;
            }
        }

        return waves.Length > 0 && waves[^1] >= 1;
    }

    private static bool TryMost(string text, out int? most)
    {
        most = int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value is >= 1 and <= 1000 ? value : null;
        return most is not null;
    }

    private static bool TryWindows(string text, [NotNullWhen(true)] out CronExpression[]? windows)
    {
        var parts = Split(text, ';');
        windows = new CronExpression[parts.Length];
        for (var i = 0; i < parts.Length; i++)
        {
            if (!Formats.TryCron(parts[i], out var window) || parts[i].Split(' ', StringSplitOptions.RemoveEmptyEntries).Length != 5)
            {
                return false;
            }

            windows[i] = window;
        }

        return windows.Length > 0;
    }

    private static string[] Split(string text, char separator) =>
        text.Split(separator, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
