using System.Globalization;

namespace Store;

/// <summary>
/// The deterministic series of app names of a user. App names are global across all customers of Fly, and the hash collides, so
/// a name that is taken falls through to the next candidate. The database offers the same series as <c>fly_reconciler.app_name</c>.
/// </summary>
public static class AppNames
{
    /// <summary>Candidate <paramref name="k"/> of the user's names; 0 is the one the host application has always given.</summary>
    /// <param name="prefix">For example <c>vyx-user-</c>.</param>
    /// <param name="userId">The user.</param>
    /// <param name="k">0 or more.</param>
    public static string Candidate(string prefix, Guid userId, int k)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(k);
        var id = userId.ToString();
        return k == 0
            ? prefix + Hash8(id)
            : prefix + Hash8(id) + "-" + Hash8(string.Create(CultureInfo.InvariantCulture, $"{id}#{k}"));
    }

    /// <summary>h = h * 31 + UTF-16 unit, wrapped to 32 bits, absolute value, eight hex digits.</summary>
    internal static string Hash8(string value)
    {
        var hash = 0;
        foreach (var unit in value)
            hash = unchecked((hash * 31) + unit);
        // As unsigned, the one value without a positive twin (-2^31) comes out as 80000000.
        var magnitude = hash < 0 ? unchecked((uint)-hash) : (uint)hash;
        return magnitude.ToString("x8", CultureInfo.InvariantCulture);
    }
}
