using System.Net;

namespace Reconciler.Secrets;

/// <summary>What Supabase says about a key.</summary>
internal enum KeyAnswer
{
    Accepted,
    Refused,

    /// <summary>No answer, or one that a server in trouble gives to any key.</summary>
    Unknown,
}

/// <summary>Asks the project's REST root, which looks at the key before anything else.</summary>
internal sealed class SupabaseKeyCheck(HttpMessageHandler handler, TimeProvider time)
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    public async Task<KeyAnswer> AskAsync(string supabaseUrl, SecretText key, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, supabaseUrl + "/rest/v1/");
        request.Headers.TryAddWithoutValidation("apikey", key.Reveal());
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer " + key.Reveal());
        try
        {
            using var response = await invoker.SendAsync(request, either.Token);
            return Read(response.StatusCode);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Unreachable says nothing about the key; the caller falls back on the last verdict.
            return KeyAnswer.Unknown;
        }
    }

    private static KeyAnswer Read(HttpStatusCode status) => (int)status switch
    {
        401 or 403 => KeyAnswer.Refused,
        408 or 429 or >= 500 or (>= 300 and < 400) => KeyAnswer.Unknown,
        _ => KeyAnswer.Accepted,
    };
}
