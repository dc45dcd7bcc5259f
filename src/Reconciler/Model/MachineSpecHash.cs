using System.Security.Cryptography;
using System.Text;
using FlyApi.Contracts;

namespace Reconciler.Model;

/// <summary>Identity of a spec and of what was seen: the same on every run and every processor.</summary>
public static class MachineSpecHash
{
    /// <summary>16 hex digits over every owned field. Fields are length-prefixed, so that no two specs share a spelling.</summary>
    public static string Of(MachineSpec spec)
    {
        var text = new StringBuilder();
        Add(text, spec.ImageDigest);
        Add(text, spec.Region);
        AddGuest(text, spec.Guest);
        foreach (var (name, value) in spec.Env.OrderBy(e => e.Key, StringComparer.Ordinal))
        {
            Add(text, name);
            Add(text, value);
        }

        Add(text, spec.Check.ToString());
        Add(text, spec.PublicIngress ? "ingress" : "closed");
        Add(text, spec.SecretsDigest);
        foreach (var name in spec.SecretNames)
        {
            Add(text, name);
        }

        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }

    public static MachineSpec WithHash(MachineSpec spec) => spec with { Hash = Of(spec) };

    private static void AddGuest(StringBuilder text, Guest guest) =>
        Add(text, string.Create(
            System.Globalization.CultureInfo.InvariantCulture, $"{guest.CpuKind ?? "shared"}/{guest.Cpus}/{guest.MemoryMb}"));

    private static void Add(StringBuilder text, string value) =>
        text.Append(System.Globalization.CultureInfo.InvariantCulture, $"{value.Length}:").Append(value);
}
