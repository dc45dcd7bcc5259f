using System.Globalization;
using System.Text.Json.Serialization;

namespace Reconciler.Explaining;

/// <summary>Why one user is in its state, what the controller will do next and when, and which setting or guard decides.</summary>
/// <param name="UserId">The user.</param>
/// <param name="App">The app's name.</param>
/// <param name="Tier">The effective tier.</param>
/// <param name="Status">As the row says.</param>
/// <param name="Settled">As desired, with nothing to do.</param>
/// <param name="Reason">One of <see cref="Model.Reasons"/>.</param>
/// <param name="Why">The sentence of this user's case.</param>
/// <param name="Means">What the reason means in general.</param>
/// <param name="Since">Since when the user is so; null = not known.</param>
/// <param name="Next">What happens next, in order.</param>
/// <param name="NextAt">When; null = at once, or it depends on what <paramref name="Next"/> names.</param>
/// <param name="NeedsPerson">Waiting alone will not help.</param>
/// <param name="Help">What a person can do.</param>
/// <param name="Decides">Guards and settings with what they stand at now.</param>
/// <param name="Differences">Where observed and desired differ.</param>
/// <param name="Steps">What the plan would do now, with its calls.</param>
/// <param name="Events">The newest lines of the audit log, newest first.</param>
/// <param name="Runbook">Where the reason is told in full.</param>
internal sealed record Explanation(
    Guid UserId,
    string App,
    string Tier,
    string Status,
    bool Settled,
    string Reason,
    string Why,
    string Means,
    DateTimeOffset? Since,
    IReadOnlyList<string> Next,
    DateTimeOffset? NextAt,
    bool NeedsPerson,
    string Help,
    IReadOnlyList<Decider> Decides,
    IReadOnlyList<string> Differences,
    IReadOnlyList<string> Steps,
    IReadOnlyList<string> Events,
    string Runbook)
{
    /// <summary>A date as every command prints it.</summary>
    public static string At(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
}

/// <summary>Something that decides for this user.</summary>
/// <param name="What">The guard's or the setting's name.</param>
/// <param name="Stands">What it says now.</param>
internal sealed record Decider(string What, string Stands);

[JsonSerializable(typeof(Explanation))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class ExplanationJson : JsonSerializerContext;
