using System.Text;

namespace FlyApi.Wire;

/// <summary>
/// Shares strings that repeat in every row (states, regions, images). A fixed number of slots, each holding the last string that
/// fell on it, so that hostile or merely varied input costs sharing, never memory. Races only lose an entry.
/// </summary>
internal sealed class LowCardinalityStrings
{
    private const int Slots = 256;
    private const int LongestShared = 256;

    private readonly Entry?[] _entries = new Entry?[Slots];

    public string Get(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return "";
        }

        if (utf8.Length > LongestShared)
        {
            return Encoding.UTF8.GetString(utf8);
        }

        ref var slot = ref _entries[Hash(utf8) % Slots];
        var entry = Volatile.Read(ref slot);
        if (entry is null || !utf8.SequenceEqual(entry.Utf8))
        {
            entry = new Entry(utf8.ToArray(), Encoding.UTF8.GetString(utf8));
            Volatile.Write(ref slot, entry);
        }

        return entry.Text;
    }

    // FNV-1a: short, and the same in every process.
    private static uint Hash(ReadOnlySpan<byte> bytes)
    {
        var hash = 2166136261u;
        foreach (var value in bytes)
        {
            hash = unchecked((hash ^ value) * 16777619u);
        }

        return hash;
    }

    private sealed record Entry(byte[] Utf8, string Text);
}
