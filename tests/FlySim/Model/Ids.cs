using System.Globalization;

namespace FlySim.Model;

/// <summary>Ids and names in the platform's forms, from one seed. Not thread-safe: used under the world's lock.</summary>
internal sealed class Ids(int seed)
{
    private const string Crockford = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    private static readonly string[] Adjectives = ["ancient", "billowing", "cold", "damp", "empty", "falling", "green", "holy", "icy", "little"];
    private static readonly string[] Nouns = ["bird", "breeze", "cloud", "dawn", "dew", "field", "fire", "leaf", "moon", "river"];
    private readonly Random _random = new(seed);

    public string MachineId() => Hex(14);

    public string Nonce() => Hex(12);

    public double Dice() => _random.NextDouble();

    public string Hex(int length) => string.Create(length, _random, static (chars, random) =>
    {
        for (var i = 0; i < chars.Length; i++)
        {
            chars[i] = "0123456789abcdef"[random.Next(16)];
        }
    });

    /// <summary>26 characters that sort by time.</summary>
    public string Ulid(DateTimeOffset now)
    {
        var time = now.ToUnixTimeMilliseconds();
        Span<char> chars = stackalloc char[26];
        for (var i = 9; i >= 0; i--, time >>= 5)
        {
            chars[i] = Crockford[(int)(time & 31)];
        }

        for (var i = 10; i < 26; i++)
        {
            chars[i] = Crockford[_random.Next(32)];
        }

        return new string(chars);
    }

    public string MachineName() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Adjectives[_random.Next(Adjectives.Length)]}-{Nouns[_random.Next(Nouns.Length)]}-{_random.Next(10_000):0000}");

    public string PrivateIp() => $"fdaa:2:{Hex(4)}:a7b:{Hex(3)}:{Hex(4)}:{Hex(4)}:2";
}
