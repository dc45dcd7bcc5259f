namespace Reconciler.Leading;

/// <summary>
/// The last gate before a request leaves: what changes something at Fly is sent by the leader only. Steps look before they begin,
/// but between that look and the sending may lie a wait for the rate limit, a retry, or a pause of the whole process.
/// </summary>
internal sealed class LeaderOnlyHandler(HttpMessageHandler fly, Func<Leadership?> leadership) : HttpMessageHandler
{
    private readonly HttpMessageInvoker _fly = new(fly, disposeHandler: false);

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (Changes(request) && leadership() is not { CanAct: true })
        {
            throw new LeadershipLostException(leadership()?.Token);
        }

        return _fly.SendAsync(request, cancellationToken);
    }

    /// <summary>A question about capacity is asked with POST and changes nothing.</summary>
    private static bool Changes(HttpRequestMessage request) =>
        request.Method != HttpMethod.Get && request.Method != HttpMethod.Head
        && !request.RequestUri!.AbsolutePath.EndsWith("/platform/placements", StringComparison.Ordinal);
}
