using FlySim.Admin;

namespace FlySim.Http;

/// <summary>What a fault does to a request before and after its handler. List faults are the list handlers' own business.</summary>
internal static class FaultInjection
{
    private const int DefaultHoldMs = 120_000;

    private const string ProxyPage =
        "<html>\n<head><title>502 Bad Gateway</title></head>\n<body>\n<center><h1>502 Bad Gateway</h1></center>\n</body>\n</html>\n";

    /// <summary>The outcome when the request is not to be handled at all, else null.</summary>
    public static async Task<Outcome?> BeforeAsync(Call call, Func<int, CancellationToken, Task> delay)
    {
        if (call.Fault is not { } fault)
        {
            return null;
        }

        switch (fault.Kind)
        {
            case FaultKinds.TimeoutBefore:
                await delay(fault.DelayMs ?? DefaultHoldMs, call.Aborted);
                return new Outcome(null);
            case FaultKinds.Timeout:
                return null;
            case FaultKinds.Late:
                await delay(fault.DelayMs ?? 0, CancellationToken.None);
                return null;
            default:
                await delay(fault.DelayMs ?? 0, call.Aborted);
                break;
        }

        return fault.Kind switch
        {
            FaultKinds.DropBefore => new Outcome(null),
            FaultKinds.ErrorBefore => new Outcome(Failure(fault)),
            FaultKinds.Status => new Outcome(Failure(fault)),
            FaultKinds.Html => new Outcome(Reply.Text(fault.Status ?? 502, fault.Body ?? ProxyPage, "text/html; charset=utf-8")),
            FaultKinds.RateLimit => new Outcome(RateLimited(fault)),
            FaultKinds.OkError => new Outcome(Reply.Text(200, fault.Body ?? """{"status":"error","message":"internal error"}""", Reply.Json)),
            FaultKinds.NotFound => new Outcome(Reply.Failed(404, call.MachineId is null ? "app not found" : "machine not found")),
            _ => null,
        };
    }

    /// <summary>The answer as the caller gets it; null = none.</summary>
    public static async Task<Reply?> AfterAsync(Call call, Reply reply, Func<int, CancellationToken, Task> delay)
    {
        switch (call.Fault?.Kind)
        {
            case FaultKinds.Drop:
                return null;
            case FaultKinds.Timeout:
                await delay(call.Fault.DelayMs ?? DefaultHoldMs, call.Aborted);
                return null;
            case FaultKinds.ErrorAfter:
                return Failure(call.Fault);
            default:
                return call.Fault is { } fault ? Spoilt.Answer(fault, reply) : reply;
        }
    }

    private static Reply Failure(FaultRule fault)
    {
        var status = fault.Status ?? 500;
        return fault.Body is { } body
            ? Reply.Text(status, body, Reply.Json)
            : Reply.Failed(status, status >= 500 ? "unavailable: internal error" : "injected error");
    }

    private static Reply RateLimited(FaultRule fault)
    {
        var reply = Reply.Failed(fault.Status ?? 429, "rate limit exceeded");
        return fault.RetryAfter is { } seconds
            ? reply.WithHeader("Retry-After", seconds.ToString(System.Globalization.CultureInfo.InvariantCulture))
            : reply;
    }

    /// <summary>An end of the request; a null reply breaks the connection.</summary>
    internal sealed record Outcome(Reply? Reply);
}
