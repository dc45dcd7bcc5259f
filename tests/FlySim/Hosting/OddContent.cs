using System.Net;
using FlySim.Http;

namespace FlySim.Hosting;

/// <summary>An answer that is longer than its body, or breaks off before its end.</summary>
internal sealed class OddContent(Reply reply) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        new OddStream(reply).CopyToAsync(stream);

    protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new OddStream(reply));

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private sealed class OddStream(Reply reply) : Stream
    {
        private readonly IEnumerator<ReadOnlyMemory<byte>> _rest = Filler.Of(reply).GetEnumerator();
        private ReadOnlyMemory<byte> _piece = reply.Body;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            while (_piece.IsEmpty)
            {
                if (!_rest.MoveNext())
                {
                    return reply.BreaksOff && !buffer.IsEmpty
                        ? throw new HttpIOException(HttpRequestError.ResponseEnded, "The response ended prematurely.")
                        : 0;
                }

                _piece = _rest.Current;
            }

            var count = Math.Min(buffer.Length, _piece.Length);
            _piece.Span[..count].CopyTo(buffer);
            _piece = _piece[count..];
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return ValueTask.FromResult(Read(buffer.Span));
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
