namespace Reconciler.Secrets;

/// <summary>
/// Every set of secrets that the configuration can still make: each secret that has a previous value, with the one or the other.
/// Which of them were rotated together is not known, and need not be: a set is found by its digest.
/// </summary>
internal static class KnownSets
{
    public static Dictionary<string, SortedDictionary<string, string>> Of(
        SortedDictionary<string, string> present, IReadOnlyDictionary<string, SecretText> previous, byte[] digestKey)
    {
        var rotated = previous.OrderBy(p => p.Key, StringComparer.Ordinal).ToList();
        var sets = new Dictionary<string, SortedDictionary<string, string>>(StringComparer.Ordinal);
        for (var choice = 0; choice < 1 << rotated.Count; choice++)
        {
            var values = new SortedDictionary<string, string>(present, StringComparer.Ordinal);
            for (var i = 0; i < rotated.Count; i++)
            {
                if ((choice & (1 << i)) != 0)
                {
                    Put(values, rotated[i].Key, rotated[i].Value.Reveal());
                }
            }

            sets.TryAdd(DigestOf(values, digestKey), values);
        }

        return sets;
    }

    public static string DigestOf(SortedDictionary<string, string> values, byte[] digestKey) =>
        KeyedDigest.Compute(digestKey, values.SelectMany(pair => new[] { pair.Key, pair.Value }), hexDigits: 16);

    /// <summary>The service key goes by two names, and never differs between them.</summary>
    private static void Put(SortedDictionary<string, string> values, string name, string value)
    {
        values[name] = value;
        if (name == SecretNames.SupabaseServiceRoleKey)
        {
            values[SecretNames.SupabaseServiceKey] = value;
        }
    }
}
