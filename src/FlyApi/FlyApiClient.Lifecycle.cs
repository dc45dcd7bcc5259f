using FlyApi.Calls;
using FlyApi.Transport;
using FlyApi.Wire;

namespace FlyApi;

internal sealed partial class FlyApiClient
{
    private static readonly byte[] EmptyObject = "{}"u8.ToArray();

    public async Task StartMachineAsync(string appName, string machineId, CancellationToken cancellationToken, string? leaseNonce = null)
    {
        try
        {
            await transport.SendAsync(
                Lifecycle(FlyOperations.MachineStart, "start", repeatable: true, appName, machineId, leaseNonce), ReadStart, cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Detail is FlyErrorDetail.AlreadyStarting)
        {
            // Somebody's start, perhaps our own whose answer was lost, is under way: what was asked for.
        }
    }

    public Task StopMachineAsync(string appName, string machineId, CancellationToken cancellationToken, string? leaseNonce = null) =>
        SendQuietlyAsync(
            Lifecycle(FlyOperations.MachineStop, "stop", repeatable: true, appName, machineId, leaseNonce, EmptyObject), cancellationToken);

    public Task RestartMachineAsync(string appName, string machineId, CancellationToken cancellationToken, string? leaseNonce = null) =>
        SendQuietlyAsync(
            Lifecycle(FlyOperations.MachineRestart, "restart", repeatable: false, appName, machineId, leaseNonce), cancellationToken);

    private static FlyCall Lifecycle(
        string operation, string verb, bool repeatable, string appName, string machineId, string? leaseNonce, byte[]? body = null) => new()
    {
        Operation = operation,
        Method = HttpMethod.Post,
        Path = $"{FlyPath.Machine(appName, machineId)}/{verb}",
        Repeatable = repeatable,
        LimitedBy = machineId,
        LeaseNonce = leaseNonce,
        Body = body is null ? null : (ReadOnlyMemory<byte>?)body,
    };

    /// <summary>Fly answers 200 even when it could not start the machine, and says so in the body.</summary>
    private static bool ReadStart(FlyAnswer answer)
    {
        if (answer.Body.IsEmpty)
        {
            return true;
        }

        var start = WireJson.Read(answer.Body, FlyJsonContext.Default.WireStart);
        return string.Equals(start.Status, "error", StringComparison.OrdinalIgnoreCase) ? throw new RefusedInBodyException() : true;
    }
}
