using System.Buffers;
using System.Text.Json;

namespace FlySim.Http;

/// <summary>Writes JSON into a buffer that each thread keeps: a growing one for each answer cost more than the answer.</summary>
internal static class Scratch
{
    private const int LargestKept = 256 * 1024;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? _writer;

    public static byte[] Write(Action<Utf8JsonWriter> write)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(8 * 1024);
        var writer = _writer ??= new Utf8JsonWriter(buffer);

        // Before, not after: a writer that threw has left its beginning behind.
        buffer.ResetWrittenCount();
        writer.Reset();
        write(writer);
        writer.Flush();
        var json = buffer.WrittenSpan.ToArray();
        if (buffer.Capacity > LargestKept)
        {
            (_buffer, _writer) = (null, null);
        }

        return json;
    }
}
