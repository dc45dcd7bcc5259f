using FlyApi;
using FlyApi.Contracts;
using Reconciler.Planning;

namespace Reconciler.Tests.Applying;

/// <summary>
/// Fly for one app, in memory and in step with a test: every call takes effect at once or at the next <see cref="Tick"/>. It keeps
/// account of the one promise that matters most: no call of ours may make a second machine run.
/// </summary>
internal sealed class FakeFly : IFlyApi
{
    private int _next = 100;
    private long _secretsVersion = 1;

    public bool AppExists { get; set; } = true;
    public SortedDictionary<string, Machine> Machines { get; } = new(StringComparer.Ordinal);
    public SortedDictionary<string, string> Secrets { get; } = new(StringComparer.Ordinal);

    /// <summary>Machines that never leave this state by themselves.</summary>
    public Dictionary<string, string> Stuck { get; } = [];

    public List<string> Writes { get; } = [];
    public List<string> Violations { get; } = [];

    public static bool Runs(Machine machine) => machine.MayRun() || machine.State == MachineStates.Stopping;

    /// <summary>Lets what is on its way arrive.</summary>
    public void Tick()
    {
        foreach (var machine in Machines.Values.ToList())
        {
            if (Stuck.GetValueOrDefault(machine.Id) == machine.State)
            {
                continue;
            }

            var state = machine.State switch
            {
                MachineStates.Starting or MachineStates.Restarting or MachineStates.Updating or MachineStates.Replacing => MachineStates.Started,
                MachineStates.Creating => MachineStates.Created,
                MachineStates.Stopping => MachineStates.Stopped,
                "suspending" => MachineStates.Suspended,
                MachineStates.Destroying or MachineStates.LaunchFailed => MachineStates.Destroyed,
                _ => machine.State,
            };
            var arrived = machine with { State = state, Checks = state == MachineStates.Started ? [new("health", "passing", null, null)] : [] };
            Machines[machine.Id] = arrived;
        }
    }

    public Task CreateAppAsync(CreateAppRequest request, CancellationToken cancellationToken)
    {
        if (AppExists)
        {
            throw new FlyApiException(FlyErrorClass.NameTaken, "apps.create", null, "Name has already been taken");
        }

        AppExists = true;
        return Wrote("create app");
    }

    public Task<AppLookup> LookUpAppAsync(string appName, CancellationToken cancellationToken) => Task.FromResult<AppLookup>(
        AppExists ? new AppLookup.Found(new FlyApp(appName, "vyx", "deployed", Machines.Count)) : new AppLookup.Missing());

    public Task DeleteAppAsync(string appName, CancellationToken cancellationToken)
    {
        AppExists = false;
        Machines.Clear();
        Secrets.Clear();
        return Wrote("delete app");
    }

    public Task<IReadOnlyList<Machine>> ListMachinesAsync(string appName, CancellationToken cancellationToken) => AppExists
        ? Task.FromResult<IReadOnlyList<Machine>>([.. Machines.Values.Where(m => !MachineStates.IsTerminal(m.State))])
        : throw NotFound("machines.list");

    public Task<Machine?> GetMachineAsync(string appName, string machineId, CancellationToken cancellationToken) =>
        Task.FromResult(Machines.GetValueOrDefault(machineId));

    public Task<Machine> CreateMachineAsync(string appName, CreateMachineRequest request, CancellationToken cancellationToken)
    {
        if (Machines.Values.FirstOrDefault(m => m.Name == request.Name && !MachineStates.IsTerminal(m.State)) is { } holder)
        {
            throw new FlyApiException(
                FlyErrorClass.Conflict, "machines.create", null, "unique machine name violation", detail: FlyErrorDetail.MachineNameTaken, existingMachineId: holder.Id);
        }

        var machine = Put(new Machine
        {
            Id = "x" + _next++,
            Name = request.Name,
            State = request.SkipLaunch ? MachineStates.Created : MachineStates.Starting,
            Region = request.Region,
            HostStatus = "ok",
            Config = request.Config,
        });
        _ = Wrote("create machine");
        return Task.FromResult(machine);
    }

    public Task<Machine> UpdateMachineAsync(
        string appName, string machineId, UpdateMachineRequest request, CancellationToken cancellationToken, string? leaseNonce = null)
    {
        var machine = Find(machineId);
        if (request.CurrentVersion != machine.InstanceId)
        {
            throw new FlyApiException(FlyErrorClass.Conflict, "machines.update", null, "version", detail: FlyErrorDetail.VersionMismatch);
        }

        machine = Put(machine with
        {
            Config = request.Config,
            State = machine.State == MachineStates.Started ? MachineStates.Replacing : MachineStates.Stopped,
        });
        _ = Wrote("update machine");
        return Task.FromResult(machine);
    }

    public Task StartMachineAsync(string appName, string machineId, CancellationToken cancellationToken, string? leaseNonce = null)
    {
        var machine = Find(machineId);
        if (MachineStates.IsTransient(machine.State))
        {
            throw new FlyApiException(FlyErrorClass.Conflict, "machines.start", null, machine.State, detail: FlyErrorDetail.WrongState);
        }

        if (machine.State != MachineStates.Started)
        {
            Machines[machineId] = machine with { State = MachineStates.Starting };
        }

        return Wrote("start machine");
    }

    public Task StopMachineAsync(string appName, string machineId, CancellationToken cancellationToken, string? leaseNonce = null)
    {
        Machines[machineId] = Find(machineId) with { State = MachineStates.Stopping };
        return Wrote("stop machine");
    }

    public Task RestartMachineAsync(string appName, string machineId, CancellationToken cancellationToken, string? leaseNonce = null)
    {
        Machines[machineId] = Find(machineId) with { State = MachineStates.Restarting, Checks = [] };
        return Wrote("restart machine");
    }

    public Task DeleteMachineAsync(string appName, string machineId, bool force, CancellationToken cancellationToken, string? leaseNonce = null)
    {
        Machines[machineId] = Find(machineId) with { State = MachineStates.Destroying, HostStatus = "ok" };
        return Wrote("delete machine");
    }

    public Task PatchMetadataAsync(string appName, string machineId, IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken)
    {
        var machine = Find(machineId);
        var metadata = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in (machine.Config!.Metadata ?? new Dictionary<string, string>()).Concat(changes!))
        {
            metadata[key] = value!;
        }

        Machines[machineId] = machine with { Config = machine.Config with { Metadata = metadata } };
        return Wrote("patch metadata");
    }

    public Task<IReadOnlyList<AppSecret>> ListSecretsAsync(string appName, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<AppSecret>>([.. Secrets.Select(s => new AppSecret(s.Key, s.Value))]);

    public Task<SecretsUpdate> SetSecretsAsync(string appName, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken)
    {
        foreach (var name in values.Keys)
        {
            Secrets[name] = "fly-" + name;
        }

        _ = Wrote("set secrets");
        return Task.FromResult(new SecretsUpdate(++_secretsVersion, [.. Secrets.Select(s => new AppSecret(s.Key, s.Value))]));
    }

    public Task<IReadOnlyList<Placement>> GetPlacementsAsync(string orgSlug, string region, Guest guest, int count, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Placement>>([new Placement(region, 1)]);

    public Task<IReadOnlyList<IpAssignment>> ListIpAssignmentsAsync(string appName, CancellationToken cancellationToken) => throw Unused();

    public Task<IpAssignment> AllocateIpAsync(string appName, string type, CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyList<FlyApp>> ListAppsAsync(string orgSlug, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<FlyApp>>(
        AppExists ? [new FlyApp(Reconciler.Tests.Planning.SnapshotBuilder.App, "vyx", "deployed", Machines.Count)] : []);

    public Task<bool> WaitForMachineAsync(
        string appName, string machineId, string state, string? version, TimeSpan timeout, CancellationToken cancellationToken) => throw Unused();

    public Task<MachineLease> AcquireLeaseAsync(string appName, string machineId, TimeSpan ttl, string description, CancellationToken cancellationToken) =>
        throw Unused();

    public Task<MachineLease> RefreshLeaseAsync(string appName, string machineId, string nonce, TimeSpan ttl, CancellationToken cancellationToken) =>
        throw Unused();

    public Task ReleaseLeaseAsync(string appName, string machineId, string nonce, CancellationToken cancellationToken) => throw Unused();

    public Task<OrgMachinesPage> ListOrgMachinesAsync(string orgSlug, OrgMachinesQuery query, CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyList<FlyRegion>> ListRegionsAsync(CancellationToken cancellationToken) => throw Unused();

    public Task<IReadOnlyList<TokenInfo>> GetCurrentTokensAsync(CancellationToken cancellationToken) => throw Unused();

    private static InvalidOperationException Unused() => new("the reconcile of one user has no business with this call");

    private static FlyApiException NotFound(string operation) => new(FlyErrorClass.NotFound, operation, null, "not found");

    private Machine Find(string id) =>
        Machines.TryGetValue(id, out var machine) && !MachineStates.IsTerminal(machine.State) ? machine : throw NotFound("machines.get");

    /// <summary>Stores a new version; its image is what its config names.</summary>
    private Machine Put(Machine machine)
    {
        var digest = machine.Config!.Image!.Split('@')[1];
        return Machines[machine.Id] = machine with
        {
            InstanceId = "w" + _next++, ImageRef = new ImageRef("registry.fly.io", "vyx-app", null, digest), Checks = [],
        };
    }

    private Task Wrote(string call)
    {
        Writes.Add(call);
        var runs = Machines.Values.Count(Runs);
        if (runs > 1 && call is "start machine" or "create machine")
        {
            Violations.Add($"{runs} machines run after: {string.Join(", ", Writes)}");
        }

        return Task.CompletedTask;
    }
}
