using System.Buffers;

namespace FlyApi.Transport;

/// <summary>A response body in one rented buffer. Pages of the organisation's list are large and frequent: unpooled they would each
/// be an allocation on the large object heap.</summary>
internal sealed class PooledBody : IDisposable
{
    private const int FirstGuess = 4 * 1024;
    private byte[] _buffer;

    private PooledBody(byte[] buffer) => _buffer = buffer;

    public int Length { get; private set; }

    public ReadOnlyMemory<byte> Memory => _buffer.AsMemory(0, Length);

    /// <exception cref="BodyTooLargeException">More than <paramref name="maxBytes"/>.</exception>
    /// <exception cref="InvalidDataException">A compressed body that is broken.</exception>
    public static async Task<PooledBody> ReadAsync(HttpContent content, int maxBytes, CancellationToken cancellationToken)
    {
        var announced = content.Headers.ContentLength;
        if (announced > maxBytes)
        {
            throw new BodyTooLargeException();
        }

        // One byte more than announced, so that the end is seen without growing.
        var body = new PooledBody(ArrayPool<byte>.Shared.Rent(announced is { } length ? (int)Math.Min(length + 1, maxBytes) : FirstGuess));
        try
        {
            await using var stream = await content.ReadAsStreamAsync(cancellationToken);
            while (await stream.ReadAsync(body.Free(), cancellationToken) is var read and > 0)
            {
                body.Length += read;
                if (body.Length > maxBytes)
                {
                    throw new BodyTooLargeException();
                }
            }

            return body;
        }
        catch (InvalidOperationException broken)
        {
            // How a Brotli decoder says what the others say by InvalidDataException.
            body.Dispose();
            throw new InvalidDataException("the compressed answer is broken", broken);
        }
        catch
        {
            body.Dispose();
            throw;
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        Length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private Memory<byte> Free()
    {
        if (Length == _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(checked(2 * _buffer.Length));
            Memory.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }

        return _buffer.AsMemory(Length);
    }
}

internal sealed class BodyTooLargeException : Exception;
