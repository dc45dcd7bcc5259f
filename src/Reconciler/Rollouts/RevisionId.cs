using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Reconciler.Rollouts;

/// <summary>The identity of a revision: the same on every run and every processor. Fields are length-prefixed, lists counted.</summary>
internal static class RevisionId
{
    public static Revision Give(Revision revision)
    {
        var text = new StringBuilder();
        Add(text, revision.ImageDigest);
        Add(text, revision.Region);
        Add(text, revision.Guests.Count);
        foreach (var (tier, guest) in revision.Guests.OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Add(text, tier);
            Add(text, string.Create(CultureInfo.InvariantCulture, $"{guest.CpuKind}/{guest.Cpus}/{guest.MemoryMb}"));
        }

        Add(text, revision.Env.Count);
        foreach (var (name, value) in revision.Env.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            Add(text, name);
            Add(text, value);
        }

        Add(text, revision.Check.ToString());
        Add(text, revision.PublicIngress ? "ingress" : "closed");
        Add(text, revision.SecretsDigest);
        foreach (var name in revision.SecretNames)
        {
            Add(text, name);
        }

        var hash = SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()));
        return revision with { Id = Convert.ToHexStringLower(hash.AsSpan(0, 6)) };
    }

    private static void Add(StringBuilder text, string part) =>
        text.Append(CultureInfo.InvariantCulture, $"{part.Length}:").Append(part);

    private static void Add(StringBuilder text, int count) => text.Append(CultureInfo.InvariantCulture, $"#{count};");
}
