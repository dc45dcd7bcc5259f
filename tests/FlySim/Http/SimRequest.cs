using FlySim.Admin;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace FlySim.Http;

/// <summary>A request as the simulator needs it, whichever host took it.</summary>
/// <param name="method">In capitals.</param>
/// <param name="path">Decoded except for slashes inside a segment.</param>
/// <param name="queryString">Raw, with its question mark; null or empty when there is none.</param>
/// <param name="aborted">Cancelled when the caller has gone.</param>
internal abstract class SimRequest(string method, string path, string? queryString, CancellationToken aborted)
{
    private Dictionary<string, StringValues>? _query;
    private RouteMatch _route;

    public string Method { get; } = method;

    public string Path { get; } = path;

    public string? QueryString { get; } = string.IsNullOrEmpty(queryString) ? null : queryString;

    public CancellationToken Aborted { get; } = aborted;

    /// <summary>The fault that the caller chose for this request; only a host inside the process can take one along.</summary>
    public virtual FaultRule? ChosenFault => null;

    /// <summary>Set by the dispatcher, for the answer's <c>fly-request-id</c>; null where the answer has none.</summary>
    public string? RequestId { get; set; }

    public IReadOnlyDictionary<string, StringValues> Query => _query ??= QueryString is null ? [] : QueryHelpers.ParseQuery(QueryString);

    public abstract string? Header(string name);

    public abstract Task<byte[]> ReadBodyAsync(CancellationToken cancellationToken);

    public void Matched(RouteMatch route) => _route = route;

    public string? Route(string name) => _route.Value(name);

    public string? QueryValue(string name) =>
        QueryString is not null && Query.TryGetValue(name, out var values) && values.Count > 0 && values[0] is { Length: > 0 } value ? value : null;
}
