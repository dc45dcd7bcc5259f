namespace Reconciler.Configuration;

/// <summary>
/// For whom the controller acts. Everybody else is observed: planned and told, and neither the app nor the row is changed. For moving
/// a running fleet over step by step.
/// </summary>
/// <param name="Tiers">Everybody of these tiers.</param>
/// <param name="Users">These users, whatever their tier.</param>
public sealed record EnforcementScope(IReadOnlySet<string> Tiers, IReadOnlySet<Guid> Users)
{
    private static readonly string[] Paid = ["pro", "elite"];

    public static EnforcementScope Everybody { get; } = new(new HashSet<string>(), new HashSet<Guid>()) { IsEverybody = true };

    public bool IsEverybody { get; private init; }

    /// <param name="userId">The user.</param>
    /// <param name="tier">The effective tier. A user who has lost it is no more of it: such a user is covered by name only, or by everybody.</param>
    public bool Covers(Guid userId, string tier) => IsEverybody || Users.Contains(userId) || Tiers.Contains(tier);

    /// <summary><c>all</c>, or tiers and user ids separated by commas.</summary>
    public static bool TryParse(string text, out EnforcementScope scope)
    {
        scope = Everybody;
        var words = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (words is ["all"])
        {
            return true;
        }

        var users = words.Where(w => Guid.TryParse(w, out _)).Select(Guid.Parse).ToHashSet();
        var tiers = words.Where(w => Paid.Contains(w, StringComparer.Ordinal)).ToHashSet(StringComparer.Ordinal);
        scope = new EnforcementScope(tiers, users);
        return words.Length > 0 && words.All(w => Guid.TryParse(w, out _) || tiers.Contains(w));
    }
}
