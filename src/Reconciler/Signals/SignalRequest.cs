namespace Reconciler.Signals;

/// <summary>An operator's wish that users be reconciled now.</summary>
/// <param name="Id">Unique and rising while one process lives; names the request in the log and in the result file.</param>
/// <param name="Everyone">True: all users, and <paramref name="Names"/> is empty.</param>
/// <param name="Names">User ids or app names as they were written, each once, in order. Untrusted: at most 200 characters each,
/// no control characters, otherwise anything.</param>
public sealed record SignalRequest(string Id, DateTimeOffset ReceivedAt, bool Everyone, IReadOnlyList<string> Names);
