namespace Reconciler.Signals;

/// <summary>Reads a taken file, whatever somebody has put there.</summary>
internal static class SignalReader
{
    /// <summary>Null with a problem when the file is not a signal. An <see cref="IOException"/> may pass: try again.</summary>
    /// <exception cref="IOException">It cannot be read now.</exception>
    public static SignalText? Read(string path, SignalFileOptions options, out string? problem)
    {
        if (new FileInfo(path).LinkTarget is not null)
        {
            // Following it would copy lines of a file that its maker may not be allowed to read into the result file.
            problem = "it is a symbolic link; write a plain file";
            return null;
        }

        try
        {
            using var stream = Open(path);
            return Read(stream, options, out problem);
        }
        catch (UnauthorizedAccessException)
        {
            problem = "it may not be read; give the reconciler's user read permission";
            return null;
        }
    }

    /// <summary>Reads from the start, and leaves the stream wherever that ends.</summary>
    public static SignalText? Read(FileStream stream, SignalFileOptions options, out string? problem)
    {
        if (!stream.CanSeek)
        {
            problem = "it is a pipe or a device; write a plain file";
            return null;
        }

        stream.Seek(0, SeekOrigin.Begin);
        var bytes = new byte[Math.Min(stream.Length, options.MaxBytes) + 1];
        var length = stream.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
        if (length > options.MaxBytes)
        {
            problem = $"it has more than {options.MaxBytes} bytes; an empty file forces everyone";
            return null;
        }

        return SignalText.TryParse(bytes.AsSpan(0, length), options.MaxLines, out var text, out problem) ? text : null;
    }

    /// <summary>Opened for writing too where that is allowed, because opening a named pipe for reading alone would block.</summary>
    private static FileStream Open(string path)
    {
        try
        {
            return OpenFor(path, FileAccess.ReadWrite);
        }
        catch (UnauthorizedAccessException)
        {
            return OpenFor(path, FileAccess.Read);
        }
    }

    private static FileStream OpenFor(string path, FileAccess access) =>
        new(path, FileMode.Open, access, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
}
