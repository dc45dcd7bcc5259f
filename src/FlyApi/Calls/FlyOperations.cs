namespace FlyApi.Calls;

/// <summary>The low-cardinality names of the calls, as they stand in metrics, spans and exceptions.</summary>
internal static class FlyOperations
{
    public const string AppCreate = "apps.create";
    public const string AppGet = "apps.get";
    public const string AppDelete = "apps.delete";
    public const string AppList = "apps.list";
    public const string MachineList = "machines.list";
    public const string MachineGet = "machines.get";
    public const string MachineCreate = "machines.create";
    public const string MachineUpdate = "machines.update";
    public const string MachineStart = "machines.start";
    public const string MachineStop = "machines.stop";
    public const string MachineRestart = "machines.restart";
    public const string MachineDelete = "machines.delete";
    public const string MachineWait = "machines.wait";
    public const string LeaseAcquire = "leases.acquire";
    public const string LeaseRefresh = "leases.refresh";
    public const string LeaseRelease = "leases.release";
    public const string MetadataPatch = "metadata.patch";
    public const string SecretList = "secrets.list";
    public const string SecretSet = "secrets.set";
    public const string OrgMachineList = "orgs.machines";
    public const string PlacementGet = "platform.placements";
    public const string RegionList = "platform.regions";
    public const string TokenGet = "tokens.current";
    public const string IpList = "ips.list";
    public const string IpAllocate = "ips.allocate";
    public const string ManifestGet = "registry.manifest";

    public static IReadOnlyList<string> All { get; } =
    [
        AppCreate, AppGet, AppDelete, AppList, MachineList, MachineGet, MachineCreate, MachineUpdate, MachineStart, MachineStop,
        MachineRestart, MachineDelete, MachineWait, LeaseAcquire, LeaseRefresh, LeaseRelease, MetadataPatch, SecretList,
        SecretSet, OrgMachineList, PlacementGet, RegionList, TokenGet, IpList, IpAllocate, ManifestGet,
    ];
}
