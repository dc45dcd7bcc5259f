namespace StoreModel;

/// <summary>A call's outcome as the completed task of a port's method.</summary>
internal static class Answers
{
#pragma warning disable CA1068 // The token first: the body is a lambda of many lines.
    public static Task<T> Of<T>(CancellationToken cancellationToken, Func<T> body)
#pragma warning restore CA1068
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<T>(cancellationToken);
        try
        {
            return Task.FromResult(body());
        }
        catch (Exception error)
        {
            // Callers of an asynchronous method meet its errors where they await it.
            return Task.FromException<T>(error);
        }
    }
}
