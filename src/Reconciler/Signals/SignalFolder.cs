using System.Globalization;

namespace Reconciler.Signals;

/// <summary>The signal path and the files beside it. Calls are synchronous: the files are small and local.</summary>
internal sealed class SignalFolder
{
    private readonly string _path;
    private readonly string _directory;
    private readonly TimeProvider _time;
    private long _next = 1;

    public SignalFolder(string path, TimeProvider time)
    {
        _path = System.IO.Path.GetFullPath(path);
        _directory = System.IO.Path.GetDirectoryName(_path) ?? throw new ArgumentException("The signal file needs a name.", nameof(path));
        _time = time;
    }

    public string Path => _path;

    public bool DirectoryExists => Directory.Exists(_directory);

    public string RejectedPath => _path + ".rejected";

    private string ClaimPrefix => _path + ".processing.";

    /// <summary>Files that an earlier process took and did not finish, oldest first.</summary>
    /// <exception cref="IOException">The directory cannot be listed.</exception>
    /// <exception cref="UnauthorizedAccessException">The directory cannot be listed.</exception>
    public List<SignalClaim> Leftovers()
    {
        var numbers = DirectoryExists
            ? Directory.EnumerateFiles(_directory).Select(NumberOf).OfType<long>().Order().ToList()
            : [];
        _next = numbers.Count == 0 ? _next : numbers[^1] + 1;
        return [.. numbers.Select(n => new SignalClaim(ClaimPath(n), _time.GetTimestamp()))];
    }

    /// <summary>Takes the signal file if there is one. A problem is told when something stands in the way.</summary>
    public SignalClaim? TryClaim(out string? problem)
    {
        problem = null;
        var signal = new FileInfo(_path);
        if (signal.Attributes == (FileAttributes)(-1))
        {
            problem = DirectoryExists ? null : $"its directory {_directory} does not exist";
            return null;
        }

        if (signal.Attributes.HasFlag(FileAttributes.Directory))
        {
            // Never moved aside: a mistaken setting could name a directory that matters.
            problem = "it is a directory; remove it or set another SignalFile";
            return null;
        }

        try
        {
            var claimed = ClaimPath(_next);
            while (System.IO.Path.Exists(claimed))
            {
                claimed = ClaimPath(++_next);
            }

            File.Move(_path, claimed);
            _next++;
            return new SignalClaim(claimed, _time.GetTimestamp());
        }
        catch (FileNotFoundException)
        {
            return null; // its writer has taken it back
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            problem = $"it cannot be taken: {failure.Message}";
            return null;
        }
    }

    /// <summary>Null when it was moved aside, else why not. It then stays where it is until the next start.</summary>
    public string? TryReject(SignalClaim claim)
    {
        try
        {
            File.Move(claim.Path, RejectedPath, overwrite: true);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    /// <summary>Null when it is gone, else why not. What stays is read again at the next start, which is harmless.</summary>
    public static string? TryDelete(SignalClaim claim)
    {
        try
        {
            File.Delete(claim.Path);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return failure.Message;
        }
    }

    private string ClaimPath(long number) => ClaimPrefix + number.ToString(CultureInfo.InvariantCulture);

    private long? NumberOf(string file) =>
        file.StartsWith(ClaimPrefix, StringComparison.Ordinal)
        && long.TryParse(file.AsSpan(ClaimPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number < long.MaxValue
        && ClaimPath(number) == file
            ? number
            : null;
}
