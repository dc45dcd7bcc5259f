using System.Diagnostics.CodeAnalysis;
using System.Net;
using Cronos;
using Reconciler.Texts;

namespace Reconciler.Configuration;

/// <summary>The forms that single values may have.</summary>
internal static class Formats
{
    /// <summary>The longest suffix that a candidate name adds to the prefix.</summary>
    private const int LongestAppNameSuffix = 17;

    private const int LongestAppName = 60;

    /// <summary>The parser calls itself for each blank and each item, so a long enough text would end the process.</summary>
    private const int LongestCron = 1_000;

    public const int LongestAppNamePrefix = LongestAppName - LongestAppNameSuffix;

    /// <summary>Five fields, or six with seconds first; a schedule that never comes is refused.</summary>
    public static bool TryCron(string text, [NotNullWhen(true)] out CronExpression? cron)
    {
        cron = null;
        if (text.Length > LongestCron)
        {
            return false;
        }

        var fields = text.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var format = fields.Length == 6 ? CronFormat.IncludeSeconds : CronFormat.Standard;
        var anyDay = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        if (!CronExpression.TryParse(text, format, out cron))
        {
            return false;
        }

        if (cron.GetNextOccurrence(anyDay) is null)
        {
            cron = null;
        }

        return cron is not null;
    }

    /// <summary>An http or https address without credentials, query and fragment.</summary>
    public static bool TryAddress(string text, [NotNullWhen(true)] out Uri? address)
    {
        var valid = Uri.TryCreate(text, UriKind.Absolute, out address)
            && IsPrintableAscii(text) // the text itself is shown, and handed to machines
            && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps)
            && address.Host.Length > 0
            && address.UserInfo.Length == 0
            && address.Query.Length == 0
            && address.Fragment.Length == 0;
        address = valid ? address : null;
        return valid;
    }

    /// <summary><c>*</c> is every interface and gives null.</summary>
    public static bool TryBind(string text, out IPAddress? address)
    {
        address = text == "localhost" ? IPAddress.Loopback : null;
        if (address is not null || text == "*")
        {
            return true;
        }

        // IPAddress.TryParse takes "9091" for 0.0.35.131, and a port written here must not become an address.
        var complete = text.Contains(':', StringComparison.Ordinal) || text.Count(c => c == '.') == 3;
        return complete && IPAddress.TryParse(text.AsSpan().Trim("[]"), out address);
    }

    public static bool TrySlug(string text, [NotNullWhen(true)] out string? slug) =>
        Accept(text, text.Length <= 63 && text.All(IsLowerOrDigitOrDash), out slug);

    public static bool TryRegion(string text, [NotNullWhen(true)] out string? region) =>
        Accept(text, text.Length == 3 && text.All(char.IsAsciiLetterLower), out region);

    public static bool TryAppNamePrefix(string text, [NotNullWhen(true)] out string? prefix) => Accept(
        text, text.Length <= LongestAppNamePrefix && char.IsAsciiLetterLower(text[0]) && text.All(IsLowerOrDigitOrDash), out prefix);

    public static bool TryLeaseName(string text, [NotNullWhen(true)] out string? name) =>
        Accept(text, text.Length <= 63 && text.All(c => IsLowerOrDigitOrDash(c) || c == '_'), out name);

    public static bool TryUrlPath(string text, [NotNullWhen(true)] out string? path) =>
        Accept(text, text[0] == '/' && text.Length <= 200 && IsPrintableAscii(text), out path);

    public static bool TryFilePath(string text, [NotNullWhen(true)] out string? path) =>
        Accept(text, Path.IsPathFullyQualified(text) && !Path.EndsInDirectorySeparator(text) && UntrustedText.Clean(text, text.Length) == text, out path);

    public static bool IsEnvName(string name) =>
        name.Length is > 0 and <= 128
        && (char.IsAsciiLetterUpper(name[0]) || name[0] == '_')
        && name.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');

    private static bool IsPrintableAscii(string text) => text.All(c => c is > ' ' and < (char)127);

    private static bool IsLowerOrDigitOrDash(char c) => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-';

    private static bool Accept(string text, bool valid, [NotNullWhen(true)] out string? accepted)
    {
        accepted = valid ? text : null;
        return valid;
    }
}
