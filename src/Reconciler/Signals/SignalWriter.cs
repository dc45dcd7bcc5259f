using System.Text;
using Reconciler.Texts;

namespace Reconciler.Signals;

/// <summary>
/// Writes the signal file from our own command line. Writers of ours exclude each other by a lock file; a new file appears whole by
/// a rename, and names are appended to one that still waits, so that two commands in a row are both heeded.
/// </summary>
public sealed class SignalWriter(string path, TimeProvider time)
{
    private static readonly TimeSpan RetryLock = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(10);

    private readonly string _path = Path.GetFullPath(path);

    /// <param name="names">User ids or app names; none means everyone.</param>
    /// <exception cref="ArgumentException">A name cannot stand on a line of the file.</exception>
    /// <exception cref="IOException">The file cannot be written, or other writers kept the lock for 10 s.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory may not be written.</exception>
    public async Task WriteAsync(IReadOnlyCollection<string> names, CancellationToken cancellationToken)
    {
        var lines = names.Count == 0 ? ["*"] : names.Select(Checked).ToList();
        using var held = await LockAsync(cancellationToken);
        while (!TryCreate(lines) && !TryAppend(lines))
        {
            cancellationToken.ThrowIfCancellationRequested(); // the file came and went in between; look again
        }
    }

    private static string Checked(string name)
    {
        var trimmed = name.Trim();
        var problem = trimmed.Length == 0 ? "it is empty"
            : trimmed.StartsWith('#') ? "# begins a comment"
            : SignalText.Refuse(trimmed, line: 1);
        return problem is null
            ? trimmed
            : throw new ArgumentException($"\"{UntrustedText.ForLog(name)}\" is neither a user id nor an app name: {problem}.", nameof(name));
    }

    /// <summary>False when there is a file already.</summary>
    private bool TryCreate(List<string> lines)
    {
        if (FileStamp.Of(_path) is not null)
        {
            return false;
        }

        try
        {
            AtomicFile.Write(_path, _path + ".new", Encode(lines), overwrite: false);
            return true;
        }
        catch (IOException) when (FileStamp.Of(_path) is not null)
        {
            return false; // a shell was quicker: its file waits, and we append
        }
    }

    /// <summary>False when the file has gone.</summary>
    private bool TryAppend(List<string> lines)
    {
        if (new FileInfo(_path).LinkTarget is not null)
        {
            throw new IOException($"{_path} is a symbolic link; remove it."); // its target is not ours to write to
        }

        try
        {
            using var stream = new FileStream(
                _path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            if (!stream.CanSeek)
            {
                throw new IOException($"{_path} is a pipe or a device; remove it.");
            }

            // A file that means everyone by being empty would mean only these names once it has them.
            var everyone = SignalReader.Read(stream, SignalFileOptions.Default, out _) is { Everyone: true };
            stream.Seek(0, SeekOrigin.End);
            stream.Write(Encode(["", .. everyone ? ["*"] : Array.Empty<string>(), .. lines])); // the last line may lack its end
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    private static byte[] Encode(IEnumerable<string> lines) => Encoding.UTF8.GetBytes(string.Concat(lines.Select(l => l + "\n")));

    private async Task<FileStream> LockAsync(CancellationToken cancellationToken)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            try
            {
                // Left behind on purpose: removing a lock file lets two writers hold two different ones.
                return new FileStream(_path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException locked) when (locked is not (FileNotFoundException or DirectoryNotFoundException)
                && time.GetElapsedTime(start) < LongestWait)
            {
                await Task.Delay(RetryLock, time, cancellationToken);
            }
        }
    }
}
