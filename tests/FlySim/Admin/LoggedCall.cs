namespace FlySim.Admin;

/// <summary>One request as the server saw it. No headers, no bodies, so no secret.</summary>
/// <param name="Seq">Growing by one from 1, in order of arrival.</param>
/// <param name="Status">0 when no answer was given.</param>
/// <param name="Operation">For example <c>machines.create</c>; <c>unknown</c> for an address the API does not have.</param>
/// <param name="Mutating">Whether the operation is one that changes something, whatever its outcome.</param>
/// <param name="Fault">The kind of the fault injected into it, if any.</param>
/// <param name="Error">The error text answered, if any.</param>
public sealed record LoggedCall(
    long Seq,
    DateTimeOffset Time,
    string Method,
    string Path,
    string? Query,
    int Status,
    string Operation,
    bool Mutating,
    string? App,
    string? Machine,
    string? Fault,
    string? Error,
    string RequestId);
