using System.Buffers;

namespace Reconciler.Health;

/// <summary>Reads an answer from a machine that is not trusted to be brief.</summary>
internal static class BoundedBody
{
    /// <summary>The whole body, or null when it has more than <paramref name="maxBytes"/>; the rest is then left unread.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var body = new ArrayBufferWriter<byte>(1024);
        while (true)
        {
            var read = await stream.ReadAsync(body.GetMemory(1024), cancellationToken);
            if (read == 0)
            {
                return body.WrittenMemory;
            }

            body.Advance(read);
            if (body.WrittenCount > maxBytes)
            {
                return null;
            }
        }
    }
}
