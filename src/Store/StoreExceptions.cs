namespace Store;

/// <summary>Another leader has taken over: the write was rejected and nothing of it happened.</summary>
public sealed class StaleEpochException(LeaseToken token)
    : Exception($"lease '{token.LeaseName}' is no longer held by '{token.Holder}' with epoch {token.Epoch}; the write was rejected")
{
    public LeaseToken Token { get; } = token;
}

/// <summary>Another row has the app name.</summary>
public sealed class AppNameInUseException(string appName) : Exception($"another user's row already names the app '{appName}'")
{
    public string AppName { get; } = appName;
}

/// <summary>The database cannot be reached or refused the statement for a passing reason. Whether a write happened is unknown.</summary>
public sealed class StoreUnavailableException(string operation, string reason, Exception? innerException = null)
    : Exception($"{operation}: {reason}", innerException);

/// <summary>The database answered, but not with the tables we need: the migration is missing or the role lacks a grant.</summary>
public sealed class StoreSchemaException(string problem, Exception? innerException = null) : Exception(problem, innerException);

/// <summary>The database refused values of a status; the statuses of the other users in the same call were written.</summary>
/// <param name="rejected">The users whose status was refused, with the database's reason, which quotes no values.</param>
/// <param name="written">The users whose row changed.</param>
public sealed class StatusRejectedException(IReadOnlyDictionary<Guid, string> rejected, IReadOnlyList<Guid> written)
    : Exception($"{rejected.Count} statuses were refused, the first because {rejected.OrderBy(static pair => pair.Key).First().Value}")
{
    public IReadOnlyDictionary<Guid, string> Rejected { get; } = rejected;

    public IReadOnlyList<Guid> Written { get; } = written;
}
