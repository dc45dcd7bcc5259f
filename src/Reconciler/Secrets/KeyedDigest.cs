using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace Reconciler.Secrets;

/// <summary>
/// HMAC-SHA256 over a list of texts, each preceded by its length in UTF-8 bytes, so that no two different lists give the same
/// input. Keyed, because a plain hash of a short secret can be guessed by whoever reads the status row.
/// </summary>
internal static class KeyedDigest
{
    /// <param name="key">32 random bytes of the fleet's own.</param>
    /// <param name="hexDigits">Even, at most 64.</param>
    public static string Compute(byte[] key, IEnumerable<string> parts, int hexDigits)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        Span<byte> length = stackalloc byte[sizeof(int)];
        foreach (var part in parts)
        {
            var bytes = Encoding.UTF8.GetBytes(part);
            BinaryPrimitives.WriteInt32BigEndian(length, bytes.Length);
            hmac.AppendData(length);
            hmac.AppendData(bytes);
        }

        return Convert.ToHexStringLower(hmac.GetHashAndReset().AsSpan(0, hexDigits / 2));
    }
}
