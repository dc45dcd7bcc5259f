using FlySim.Http;

namespace FlySim.Hosting;

/// <summary>What follows an answer's body that is longer than it should be, without ever being held in memory.</summary>
internal static class Filler
{
    private static readonly byte[] Blanks = NewBlanks();

    /// <summary>The rest of the answer in pieces that must not be changed.</summary>
    public static IEnumerable<ReadOnlyMemory<byte>> Of(Reply reply)
    {
        var left = reply.BreaksOff ? 0 : (reply.FullLength ?? 0) - reply.Body.Length;
        while (left > 0)
        {
            var piece = (int)Math.Min(left, Blanks.Length);
            yield return Blanks.AsMemory(0, piece);
            left -= piece;
        }
    }

    private static byte[] NewBlanks()
    {
        var blanks = new byte[64 * 1024];
        Array.Fill(blanks, (byte)' ');
        return blanks;
    }
}
