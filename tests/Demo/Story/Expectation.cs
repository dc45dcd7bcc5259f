using System.Diagnostics.CodeAnalysis;

namespace Demo.Story;

/// <summary>Collects what is not as expected, in words.</summary>
internal sealed class Expectation
{
    private readonly List<string> _problems = [];

    /// <summary>Null when everything is as expected.</summary>
    public string? Problem => _problems.Count == 0 ? null : string.Join("; ", _problems.Take(3));

    public void That([DoesNotReturnIf(false)] bool holds, string otherwise)
    {
        if (!holds)
        {
            _problems.Add(otherwise);
            throw new UnmetException();
        }
    }

    public void Same<T>(string what, T wanted, T found)
    {
        if (!EqualityComparer<T>.Default.Equals(wanted, found))
        {
            _problems.Add($"{what} is {found?.ToString() ?? "missing"} instead of {wanted?.ToString() ?? "missing"}");
        }
    }

    /// <summary>Runs checks; ends early where one has no meaning without the one before.</summary>
    public static string? Of(Action<Expectation> checks)
    {
        var expectation = new Expectation();
        try
        {
            checks(expectation);
        }
        catch (UnmetException)
        {
            // noted in the expectation already
        }

        return expectation.Problem;
    }

    private sealed class UnmetException : Exception;
}
