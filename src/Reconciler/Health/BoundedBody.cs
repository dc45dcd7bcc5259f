using System.Buffers;

namespace Reconciler.Health;

/// <summary>Reads an answer from a machine that is not trusted to be brief.</summary>
internal static class BoundedBody
{
    /// <summary>The whole body, or null when it has more than <paramref name="maxBytes"/>; the rest is then left unread.</summary>
    /// <exception cref="InvalidDataException">A compressed body that is broken.</exception>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        var body = new ArrayBufferWriter<byte>(1024);
        while (true)
        {
            var read = await ReadAsync(stream, body.GetMemory(1024), cancellationToken);
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

    private static async ValueTask<int> ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellationToken)
    {
        try
        {
            return await stream.ReadAsync(buffer, cancellationToken);
        }
        catch (InvalidOperationException broken)
        {
            // How a Brotli decoder says what the others say by InvalidDataException.
            throw new InvalidDataException("the compressed answer is broken", broken);
        }
    }
}
