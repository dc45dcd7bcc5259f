using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Reconciler.Secrets;
using Reconciler.Texts;

namespace Reconciler.Configuration;

internal delegate bool Parser<T>(string text, [MaybeNullWhen(false)] out T value);

/// <summary>
/// Reads values by name and collects what is wrong instead of stopping at it: a reader that has problems still returns values, so
/// that the rest can be checked. Names are configuration paths (<c>Reconciler:Workers</c>).
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _problems = [];
    private readonly List<string> _warnings = [];
    private readonly SortedSet<string> _names = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _wrong = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<string> _openMaps = [];
    private readonly ShownValues _shown = new();

    public IReadOnlyList<string> Problems => _problems;

    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Every name that was asked for: what the configuration may contain.</summary>
    public IReadOnlyCollection<string> Names => _names;

    /// <summary>A name as it is written in the environment.</summary>
    public static string Display(string name) => UntrustedText.ForLog(name.Replace(":", "__", StringComparison.Ordinal));

    public void Problem(string name, string text)
    {
        _wrong.Add(name);
        _problems.Add($"{Display(name)} {text}");
    }

    public bool HasProblem(string name) => _wrong.Contains(name);

    /// <summary>The keys below are the operator's to choose, or have been judged already.</summary>
    public void OpenMap(string name) => _openMaps.Add(name + ":");

    public bool IsKnown(string name) =>
        _names.Contains(name) || _openMaps.Exists(map => name.StartsWith(map, StringComparison.OrdinalIgnoreCase));

    public void Warn(string name, string text) => Warn($"{Display(name)} {text}");

    public void Warn(string text) => _warnings.Add(text);

    /// <summary>The value in quotes, shortened; something that looks like a secret is not shown.</summary>
    public string Show(string value) => _shown.Show(value);

    /// <summary>Before anything is shown: the values of these names, right or wrong, are not.</summary>
    public void Hide(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _shown.Hide(configuration[name]?.Trim() ?? "");
        }
    }

    public bool LooksSecret(string value) => _shown.LooksSecret(value);

    public IEnumerable<IConfigurationSection> Children(string name) =>
        configuration.GetSection(name).GetChildren().OrderBy(child => child.Key, StringComparer.Ordinal);

    /// <summary>Null when the name is not there at all; empty when it is there without a value.</summary>
    public string? Verbatim(string name)
    {
        _names.Add(name);
        return configuration[name];
    }

    /// <summary>Trimmed; null when there is nothing.</summary>
    public string? Optional(string name)
    {
        var text = Verbatim(name)?.Trim();
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (text.Length > 1 && text[0] == text[^1] && text[0] is '"' or '\'')
        {
            Problem(name, "has quotes around its value, which are then part of it: remove them");
            return null;
        }

        return text;
    }

    public T Read<T>(string name, T fallback, string allowed, Parser<T> parse, string fallbackText)
    {
        if (Optional(name) is not { } text)
        {
            return fallback;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        Problem(name, $"is {Show(text)}: allowed is {allowed}; correct it, or remove it to get {fallbackText}");
        return fallback;
    }

    /// <summary>Null (and a problem) when it is missing or wrong.</summary>
    public T? Required<T>(string name, string purpose, string allowed, Parser<T> parse)
        where T : class
    {
        if (Optional(name) is not { } text)
        {
            ReportMissing(name, purpose);
            return null;
        }

        if (parse(text, out var value))
        {
            return value;
        }

        Problem(name, $"is {Show(text)}: allowed is {allowed}; correct it");
        return null;
    }

    public SecretText? RequiredSecret(string name, string purpose, bool allowSpaces = false)
    {
        var secret = OptionalSecret(name, allowSpaces);
        if (secret is null)
        {
            ReportMissing(name, purpose);
        }

        return secret;
    }

    /// <param name="allowSpaces">For values that have them inside, such as connection strings.</param>
    public SecretText? OptionalSecret(string name, bool allowSpaces = false)
    {
        if (Optional(name) is not { } text)
        {
            return null;
        }

        if (text.Any(c => char.IsControl(c) || (!allowSpaces && (c == ' ' || !char.IsAscii(c)))))
        {
            Problem(name, "has a space, a line break or another character inside that no such secret has: copy it again (its value is not shown)");
            return null;
        }

        return new SecretText(text);
    }

    public int Whole(string name, int fallback, int min, int max) => Read(
        name,
        fallback,
        string.Create(CultureInfo.InvariantCulture, $"a whole number from {min} to {max}"),
        (string text, out int value) => int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
        fallback.ToString(CultureInfo.InvariantCulture));

    public double Number(string name, double fallback, double min, double max) => Read(
        name,
        fallback,
        string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}, with a point before decimals"),
        (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= min && value <= max,
        fallback.ToString(CultureInfo.InvariantCulture));

    public decimal Price(string name, decimal fallback) => Read(
        name,
        fallback,
        "an amount from 0 to 10000, with a point before decimals",
        (string text, out decimal value) =>
            decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out value) && value <= 10_000,
        fallback.ToString(CultureInfo.InvariantCulture));

    public TimeSpan Duration(string name, TimeSpan fallback, TimeSpan min, TimeSpan max) => Read(
        name,
        fallback,
        $"hh:mm:ss or d.hh:mm:ss from {DurationText.Format(min)} to {DurationText.Format(max)}",
        (string text, out TimeSpan value) => DurationText.TryParse(text, out value) && value >= min && value <= max,
        DurationText.Format(fallback));

    public bool Flag(string name, bool fallback) => Read(
        name, fallback, "true or false", (string text, out bool value) => bool.TryParse(text, out value), fallback ? "true" : "false");

    /// <summary>Says so, unless a value was there and something else is wrong with it.</summary>
    public void ReportMissing(string name, string purpose)
    {
        if (!HasProblem(name))
        {
            Problem(name, $"is not set: set it to {purpose}");
        }
    }
}
