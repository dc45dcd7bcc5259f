using System.Globalization;
using System.Runtime.CompilerServices;
using Reconciler.Texts;

namespace Reconciler.Signals;

/// <summary>
/// Watches a file whose appearance forces a reconcile. It is consumed by a rename, then read when it is quiet, so that whatever way
/// it is written (<c>echo</c>, <c>touch</c>, <c>printf</c>, append, rename), no line is lost and none is half read. A request is
/// delivered at least once: a file is removed only after its request was taken and the file has stayed unchanged for a while, and
/// what a crash leaves behind is taken up at the next start.
/// </summary>
public sealed class SignalFile : ISignalSource
{
    private readonly SignalFolder _folder;
    private readonly SignalResultWriter _results;
    private readonly SignalFileOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private string? _lastProblem;
    private long _requests;

    public SignalFile(string path, TimeProvider time, ILogger logger, SignalFileOptions? options = null)
    {
        _folder = new SignalFolder(path, time);
        _results = new SignalResultWriter(path, logger);
        _options = options ?? SignalFileOptions.Default;
        _time = time;
        _logger = logger;
    }

    /// <summary>Into <c>FILE.result</c>.</summary>
    public void Answer(SignalResult result) => _results.Write(result);

    /// <inheritdoc/>
    public async IAsyncEnumerable<SignalRequest> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var claims = Leftovers();
        try
        {
            while (true)
            {
                if (TakeSignal() is { } fresh)
                {
                    claims.Add(fresh);
                }

                foreach (var claim in claims.ToArray())
                {
                    if (FileStamp.Of(claim.Path) == claim.Delivered)
                    {
                        continue;
                    }

                    var stamp = await SettleAsync(claim, cancellationToken);
                    if (Read(claim, claims) is { } request)
                    {
                        yield return request;
                        claim.MarkDelivered(stamp, _time.GetTimestamp());
                    }
                }

                claims.RemoveAll(IsSpent);
                await Task.Delay(_options.PollInterval, _time, cancellationToken);
            }
        }
        finally
        {
            // What was delivered and not confirmed stays for the next start.
            claims.FindAll(IsUnchanged).ForEach(Remove);
        }
    }

    private List<SignalClaim> Leftovers()
    {
        try
        {
            var found = _folder.Leftovers();
            if (found.Count > 0)
            {
                SignalLog.LeftoversFound(_logger, found.Count);
            }

            return found;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            Tell($"its directory cannot be listed: {failure.Message}");
            return [];
        }
    }

    private SignalClaim? TakeSignal()
    {
        var claim = _folder.TryClaim(out var problem);
        Tell(problem);
        return claim;
    }

    /// <summary>Says each problem once, not each time it is met.</summary>
    private void Tell(string? problem)
    {
        if (problem == _lastProblem)
        {
            return;
        }

        if (problem is null)
        {
            SignalLog.UsableAgain(_logger, UntrustedText.ForLog(_folder.Path));
        }
        else
        {
            SignalLog.Unusable(_logger, UntrustedText.ForLog(_folder.Path), UntrustedText.ForLog(problem));
            if (_folder.DirectoryExists)
            {
                var now = _time.GetUtcNow();
                _results.Write(SignalResult.Refused(NewId(now), now, $"The signal file is of no use: {problem}."));
            }
        }

        _lastProblem = problem;
    }

    private async Task<FileStamp> SettleAsync(SignalClaim claim, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        while (true)
        {
            var before = FileStamp.Of(claim.Path);
            await Task.Delay(_options.SettleTime, _time, cancellationToken);
            if (FileStamp.Of(claim.Path) == before || _time.GetElapsedTime(start) >= _options.LongestSettle)
            {
                return before ?? default;
            }
        }
    }

    /// <summary>Null when there is nothing to deliver: the file was refused, is gone, or cannot be read just now.</summary>
    private SignalRequest? Read(SignalClaim claim, List<SignalClaim> claims)
    {
        try
        {
            if (SignalReader.Read(claim.Path, _options, out var problem) is { } text)
            {
                var now = _time.GetUtcNow();
                var request = new SignalRequest(NewId(now), now, text.Everyone, text.Names);
                SignalLog.Received(_logger, request.Id, request.Everyone, request.Names.Count);
                return request;
            }

            Reject(claim, problem!);
        }
        catch (FileNotFoundException)
        {
            // Somebody removed it by hand: the wish is withdrawn.
        }
        catch (IOException failure)
        {
            if (_time.GetElapsedTime(claim.TakenAt) < _options.LongestSettle)
            {
                return null; // perhaps a writer holds a lock on it; the next round tries again
            }

            Reject(claim, $"it cannot be read: {failure.Message}");
        }

        claims.Remove(claim);
        return null;
    }

    private void Reject(SignalClaim claim, string problem)
    {
        var now = _time.GetUtcNow();
        var id = NewId(now);
        var rejected = UntrustedText.ForLog(_folder.RejectedPath);
        if (_folder.TryReject(claim) is { } failure)
        {
            SignalLog.NotMovedAside(_logger, id, UntrustedText.ForLog(problem), rejected, UntrustedText.ForLog(failure));
        }
        else
        {
            SignalLog.Rejected(_logger, id, UntrustedText.ForLog(problem), rejected);
        }

        _results.Write(SignalResult.Refused(id, now, $"The signal was refused: {problem}."));
    }

    private bool IsUnchanged(SignalClaim claim) => claim.Delivered is { } delivered && FileStamp.Of(claim.Path) == delivered;

    private bool IsSpent(SignalClaim claim)
    {
        if (FileStamp.Of(claim.Path) is null)
        {
            return true; // removed by hand
        }

        if (!IsUnchanged(claim) || _time.GetElapsedTime(claim.DeliveredAt) < _options.Linger)
        {
            return false;
        }

        Remove(claim);
        return true;
    }

    private void Remove(SignalClaim claim)
    {
        if (SignalFolder.TryDelete(claim) is { } failure)
        {
            SignalLog.NotRemoved(_logger, UntrustedText.ForLog(claim.Path), UntrustedText.ForLog(failure));
        }
    }

    private string NewId(DateTimeOffset now) =>
        string.Create(CultureInfo.InvariantCulture, $"{now.UtcDateTime:yyyyMMdd'T'HHmmss.fff'Z'}-{++_requests}");
}
