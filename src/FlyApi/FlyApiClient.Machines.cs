using System.Globalization;
using System.Net;
using FlyApi.Calls;
using FlyApi.Contracts;
using FlyApi.Limits;
using FlyApi.Wire;

namespace FlyApi;

internal sealed partial class FlyApiClient
{
    // What Fly accepts; outside it answers 400.
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(60);

    public Task<IReadOnlyList<Machine>> ListMachinesAsync(string appName, CancellationToken cancellationToken) => GetAsync(
        FlyOperations.MachineList, $"{FlyPath.App(appName)}/machines", appName, FlyJsonContext.Default.MachineList,
        static IReadOnlyList<Machine> (wire) => Rows.Require(wire, "machines", MachineMapper.Map),
        cancellationToken);

    public async Task<Machine?> GetMachineAsync(string appName, string machineId, CancellationToken cancellationToken)
    {
        try
        {
            return await transport.SendAsync(
                new FlyCall
                {
                    Operation = FlyOperations.MachineGet,
                    Method = HttpMethod.Get,
                    Path = FlyPath.Machine(appName, machineId),
                    Repeatable = true,
                    Limit = RateLimit.MachineGet,
                    LimitedBy = machineId,
                },
                static answer => ReadMachine(answer.Body),
                cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Class is FlyErrorClass.NotFound)
        {
            return null;
        }
    }

    public Task<Machine> CreateMachineAsync(string appName, CreateMachineRequest request, CancellationToken cancellationToken)
    {
        var body = new WireCreateMachine
        {
            Name = request.Name,
            Region = request.Region,
            Config = request.Config,
            SkipLaunch = request.SkipLaunch ? true : null,
            MinSecretsVersion = request.MinSecretsVersion,
            LeaseTtl = request.LeaseTtl,
        };
        return transport.SendAsync(
            new FlyCall
            {
                Operation = FlyOperations.MachineCreate,
                Method = HttpMethod.Post,
                Path = $"{FlyPath.App(appName)}/machines",
                Repeatable = false,
                LimitedBy = appName,
                Body = WireJson.Write(body, FlyJsonContext.Default.WireCreateMachine),
            },
            static answer => ReadMachine(answer.Body),
            cancellationToken);
    }

    public Task<Machine> UpdateMachineAsync(
        string appName, string machineId, UpdateMachineRequest request, CancellationToken cancellationToken, string? leaseNonce = null)
    {
        var body = new WireUpdateMachine
        {
            Config = request.Config,
            Region = request.Region,
            CurrentVersion = request.CurrentVersion,
            SkipLaunch = request.SkipLaunch ? true : null,
            MinSecretsVersion = request.MinSecretsVersion,
        };
        return transport.SendAsync(
            new FlyCall
            {
                Operation = FlyOperations.MachineUpdate,
                Method = HttpMethod.Post,
                Path = FlyPath.Machine(appName, machineId),
                Repeatable = false,
                LimitedBy = machineId,
                LeaseNonce = leaseNonce,
                Body = WireJson.Write(body, FlyJsonContext.Default.WireUpdateMachine),
            },
            static answer => ReadMachine(answer.Body),
            cancellationToken);
    }

    public async Task DeleteMachineAsync(
        string appName, string machineId, bool force, CancellationToken cancellationToken, string? leaseNonce = null)
    {
        try
        {
            await SendQuietlyAsync(
                new FlyCall
                {
                    Operation = FlyOperations.MachineDelete,
                    Method = HttpMethod.Delete,
                    Path = FlyPath.WithQuery(FlyPath.Machine(appName, machineId), ("force", force ? "true" : null)),
                    Repeatable = true,
                    LimitedBy = machineId,
                    LeaseNonce = leaseNonce,
                },
                cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Class is FlyErrorClass.NotFound)
        {
            // Gone already is what was asked for.
        }
    }

    public async Task<bool> WaitForMachineAsync(
        string appName, string machineId, string state, string? version, TimeSpan timeout, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeout, ShortestWait);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeout, LongestWait);
        var seconds = ((int)timeout.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        try
        {
            return await transport.SendAsync(
                new FlyCall
                {
                    Operation = FlyOperations.MachineWait,
                    Method = HttpMethod.Get,
                    Path = FlyPath.WithQuery(
                        $"{FlyPath.Machine(appName, machineId)}/wait", ("state", state), ("version", version), ("timeout", seconds)),
                    Repeatable = true,
                    LimitedBy = machineId,
                    LongPoll = timeout,
                },
                static answer => WireJson.Read(answer.Body, FlyJsonContext.Default.WireWait).Ok ?? true,
                cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Status is HttpStatusCode.RequestTimeout)
        {
            return false;
        }
    }

    public Task PatchMetadataAsync(
        string appName, string machineId, IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken) => SendQuietlyAsync(
        new FlyCall
        {
            Operation = FlyOperations.MetadataPatch,
            Method = HttpMethod.Patch,
            Path = $"{FlyPath.Machine(appName, machineId)}/metadata",
            Repeatable = true,
            LimitedBy = machineId,
            Body = WireJson.Write(new WireMetadataPatch(changes), FlyJsonContext.Default.WireMetadataPatch),
        },
        cancellationToken);

    private static Machine ReadMachine(ReadOnlySpan<byte> body) => MachineMapper.Map(WireJson.Read(body, FlyJsonContext.Default.WireMachine));
}
