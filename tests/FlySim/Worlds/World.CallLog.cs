using FlySim.Admin;
using FlySim.Http;

namespace FlySim.Worlds;

public sealed partial class World
{
    private readonly List<LoggedCall> _calls = [];
    private long _callSeq;

    /// <summary>How many requests there ever were.</summary>
    internal long CallCount => _callSeq;

    /// <summary>Notes a request's arrival; the log shows it with status 0 until it is answered.</summary>
    internal long LogCall(Call call) => Run(() => Log(call));

    private long Log(Call call)
    {
        _callSeq++;
        if (Options.KeptCalls == 0)
        {
            return _callSeq;
        }

        var request = call.Request;
        _calls.Add(new LoggedCall(
            _callSeq,
            Now,
            request.Method,
            request.Path,
            request.QueryString,
            Status: 0,
            call.Operation.Name,
            call.Operation.Mutating,
            call.AppName,
            call.MachineId,
            Fault: null,
            Error: null,
            call.RequestId));
        if (_calls.Count > Options.KeptCalls)
        {
            _calls.RemoveRange(0, (Options.KeptCalls / 10) + 1);
        }

        return _callSeq;
    }

    internal void LogOutcome(long seq, Call call, Reply? reply)
    {
        if (Options.KeptCalls > 0)
        {
            Run(() => Complete(seq, call, reply));
        }
    }

    private void Complete(long seq, Call call, Reply? reply)
    {
        // The log may have been cleared, or have dropped its oldest part, since the call came in.
        var index = _calls.Count == 0 ? -1 : (int)(seq - _calls[0].Seq);
        if (index >= 0 && index < _calls.Count)
        {
            _calls[index] = _calls[index] with { Status = reply?.Status ?? 0, Fault = call.Fault?.Kind, Error = reply?.Error };
        }
    }

    internal IReadOnlyList<LoggedCall> Calls(long since, bool mutatingOnly) =>
        [.. _calls.Where(c => c.Seq > since && (!mutatingOnly || c.Mutating))];

    internal void ClearCalls() => _calls.Clear();
}
