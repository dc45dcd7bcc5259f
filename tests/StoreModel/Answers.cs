namespace StoreModel;

/// <summary>A call's outcome as the completed task of a port's method.</summary>
internal static class Answers
{
    public static Task<T> Of<T>(Func<T> body, CancellationToken cancellationToken)
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
