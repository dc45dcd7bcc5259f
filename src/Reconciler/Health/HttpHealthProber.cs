using System.Net;
using Reconciler.Model;

namespace Reconciler.Health;

/// <summary>Asks over HTTP, once per call; the next reconcile is the retry.</summary>
/// <param name="address">Where a machine answers.</param>
/// <param name="timeout">For the whole exchange.</param>
/// <param name="handler">Sends the request; it must not follow redirects, which would lead to a machine other than the one asked.</param>
/// <param name="time">The timeout's clock.</param>
public sealed class HttpHealthProber(ProbeAddress address, TimeSpan timeout, HttpMessageHandler handler, TimeProvider time) : IHealthProber
{
    public async Task<HealthProbe> ProbeAsync(string appName, string machineId, Guid userId, CancellationToken cancellationToken)
    {
        if (address.For(appName, machineId) is not { } uri)
        {
            return HealthProbe.Unreachable;
        }

        using var deadline = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline.Token);
        try
        {
            return await AskAsync(uri, userId, either.Token);
        }
        catch (Exception exception) when (IsNetworkTrouble(exception, cancellationToken))
        {
            // No name, refused, reset or too slow: the machine may be fine and only out of our reach, so nothing is claimed about it.
            return HealthProbe.Unreachable;
        }
    }

    private static bool IsNetworkTrouble(Exception exception, CancellationToken caller) =>
        exception is HttpRequestException or IOException or InvalidDataException || (exception is OperationCanceledException && !caller.IsCancellationRequested);

    private async Task<HealthProbe> AskAsync(Uri uri, Guid userId, CancellationToken cancellationToken)
    {
        using var invoker = new HttpMessageInvoker(handler, disposeHandler: false);
        using var request = new HttpRequestMessage(HttpMethod.Get, uri);
        using var response = await invoker.SendAsync(request, cancellationToken);

        if (response.StatusCode is HttpStatusCode.BadGateway or HttpStatusCode.GatewayTimeout)
        {
            // A proxy in between speaks: the machine itself said nothing.
            return HealthProbe.Unreachable;
        }

        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new HealthProbe(Reached: true, $"answers HTTP {(int)response.StatusCode}");
        }

        return await BoundedBody.ReadAsync(response.Content, HealthDocument.MaxBytes, cancellationToken) is { } body
            ? HealthDocument.Judge(body.Span, userId)
            : new HealthProbe(Reached: true, $"answers more than {HealthDocument.MaxBytes / 1024} kB");
    }
}
