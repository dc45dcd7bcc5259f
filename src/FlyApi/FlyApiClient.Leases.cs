using System.Net;
using System.Text.Json;
using FlyApi.Calls;
using FlyApi.Contracts;
using FlyApi.Wire;

namespace FlyApi;

internal sealed partial class FlyApiClient
{
    public Task<MachineLease> AcquireLeaseAsync(
        string appName, string machineId, TimeSpan ttl, string description, CancellationToken cancellationToken) =>
        LeaseAsync(FlyOperations.LeaseAcquire, appName, machineId, ttl, description, nonce: null, cancellationToken);

    public Task<MachineLease> RefreshLeaseAsync(
        string appName, string machineId, string nonce, TimeSpan ttl, CancellationToken cancellationToken)
    {
        // Without a nonce the same request would take a new lease.
        ArgumentException.ThrowIfNullOrEmpty(nonce);
        return LeaseAsync(FlyOperations.LeaseRefresh, appName, machineId, ttl, description: null, nonce, cancellationToken);
    }

    public async Task ReleaseLeaseAsync(string appName, string machineId, string nonce, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(nonce);
        try
        {
            await SendQuietlyAsync(
                new FlyCall
                {
                    Operation = FlyOperations.LeaseRelease,
                    Method = HttpMethod.Delete,
                    Path = $"{FlyPath.Machine(appName, machineId)}/lease",
                    Repeatable = true,
                    LimitedBy = machineId,
                    LeaseNonce = nonce,
                },
                cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Class is FlyErrorClass.NotFound || IsNotOurs(exception))
        {
            // Expired, or expired and taken by another since: either way we hold it no more.
        }
    }

    // Fly answers 400 to a nonce that is not the lease's; that is an unknown nonce only when the text speaks of it.
    private static bool IsNotOurs(FlyApiException exception) =>
        exception.Status is HttpStatusCode.BadRequest
        && (exception.Text.Contains("nonce", StringComparison.OrdinalIgnoreCase) || exception.Text.Contains("lease", StringComparison.OrdinalIgnoreCase));

    private Task<MachineLease> LeaseAsync(
        string operation, string appName, string machineId, TimeSpan ttl, string? description, string? nonce, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ttl, TimeSpan.Zero);
        var body = new WireLeaseRequest((int)Math.Ceiling(ttl.TotalSeconds), description);
        return transport.SendAsync(
            new FlyCall
            {
                Operation = operation,
                Method = HttpMethod.Post,
                Path = $"{FlyPath.Machine(appName, machineId)}/lease",

                // A lease whose answer was lost refuses the second request until it expires, which its short life makes bearable.
                Repeatable = true,
                LimitedBy = machineId,
                LeaseNonce = nonce,
                Body = WireJson.Write(body, FlyJsonContext.Default.WireLeaseRequest),
            },
            static answer => MapLease(WireJson.Read(answer.Body, FlyJsonContext.Default.WireLease)),
            cancellationToken);
    }

    private static MachineLease MapLease(WireLease wire)
    {
        var lease = wire.Data ?? wire;
        return string.IsNullOrEmpty(lease.Nonce)
            ? throw new JsonException("a lease without nonce")
            : new MachineLease(lease.Nonce, lease.ExpiresAt, lease.Owner, lease.Description, lease.Version);
    }
}
