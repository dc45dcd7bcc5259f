namespace Reconciler.Signals;

/// <summary>Files that appear whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>Writes beside the path and renames. One writer at a time for each <paramref name="temporary"/>.</summary>
    /// <exception cref="IOException">Also when the path exists and <paramref name="overwrite"/> is false.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public static void Write(string path, string temporary, ReadOnlySpan<byte> content, bool overwrite)
    {
        using (var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0))
        {
            stream.Write(content);
            stream.Flush(flushToDisk: true); // else a power cut could leave the new name with no content
        }

        File.Move(temporary, path, overwrite);
    }
}
