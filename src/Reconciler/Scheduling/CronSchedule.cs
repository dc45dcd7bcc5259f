using System.Diagnostics.CodeAnalysis;
using Cronos;
using Reconciler.Texts;

namespace Reconciler.Scheduling;

/// <summary>
/// A cron expression in UTC: five fields, six with seconds first, or a macro such as <c>@hourly</c> or <c>@every_minute</c>.
/// When day of month and day of week are both given, both must match (Cronos' reading, not Vixie cron's).
/// </summary>
public sealed class CronSchedule
{
    /// <summary>The longest text looked at. The longest useful one, every minute of the hour listed, is half of that.</summary>
    private const int LongestText = 1000;

    /// <summary>Any fixed instant does: cron repeats within 28 years, so what does not occur after this never occurs.</summary>
    private static readonly DateTime Epoch = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly CronExpression _expression;

    private CronSchedule(string text, CronExpression expression)
    {
        Text = text;
        _expression = expression;
    }

    public string Text { get; }

    /// <summary>False with a problem that says what to write instead.</summary>
    public static bool TryParse(
        string? text, [NotNullWhen(true)] out CronSchedule? schedule, [NotNullWhen(false)] out string? problem)
    {
        schedule = null;
        var trimmed = text?.Trim() ?? "";
        problem = Refuse(trimmed);
        if (problem is not null)
        {
            return false;
        }

        try
        {
            var hasSeconds = Fields(trimmed) == 6;
            var expression = CronExpression.Parse(trimmed, hasSeconds ? CronFormat.IncludeSeconds : CronFormat.Standard);
            if (expression.GetNextOccurrence(Epoch) is null)
            {
                problem = $"{Shown(trimmed)} never occurs: no such date exists.";
                return false;
            }

            schedule = new CronSchedule(trimmed, expression);
            return true;
        }
        catch (CronFormatException wrong)
        {
            problem = $"{Shown(trimmed)} is not a cron expression: {UntrustedText.ForLog(wrong.Message)}";
            return false;
        }
    }

    /// <summary>The first occurrence after <paramref name="now"/>, in UTC; null when the calendar has no more.</summary>
    public DateTimeOffset? Next(DateTimeOffset now) =>
        _expression.GetNextOccurrence(now.UtcDateTime) is { } next ? new DateTimeOffset(next, TimeSpan.Zero) : null;

    public override string ToString() => Text;

    private static string? Refuse(string text)
    {
        if (text.Length == 0)
        {
            return "The schedule is empty; \"*/5 * * * *\" is every five minutes.";
        }

        if (text.Length > LongestText)
        {
            return $"The schedule has {text.Length} characters; at most {LongestText} make sense.";
        }

        if (text.Any(static c => char.IsControl(c) && c != '\t'))
        {
            return "The schedule contains control characters; write it on one line.";
        }

        if (text.StartsWith("@every ", StringComparison.OrdinalIgnoreCase))
        {
            return $"{Shown(text)} is not supported; every five seconds is \"*/5 * * * * *\", every minute \"@every_minute\".";
        }

        if (text[0] == '@')
        {
            return null; // Cronos knows its macros and says so when it does not
        }

        // H takes a value from a seed that we do not have; jitter is added by the loop.
        if (text.Split(' ', '\t').Any(static f => f.StartsWith('H') || f.StartsWith('h')))
        {
            return $"{Shown(text)} uses H, which is not supported; ticks are spread by jitter already.";
        }

        var fields = Fields(text);
        return fields is 5 or 6
            ? null
            : $"{Shown(text)} has {fields} fields; write five (minute hour day month weekday) or six (second first).";
    }

    private static string Shown(string text) => $"\"{UntrustedText.ForLog(text)}\"";

    private static int Fields(string text) => text.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries).Length;
}
