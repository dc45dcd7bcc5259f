using FlyApi.Contracts;

namespace FlyApi;

/// <summary>
/// The calls the controller makes to the Machines API. Every method throws <see cref="FlyApiException"/> for an answer
/// that is not the one it documents, and <see cref="OperationCanceledException"/> only when the caller's token is cancelled.
/// Safe to repeat unless said otherwise.
/// </summary>
public interface IFlyApi
{
    /// <summary>Creates an app. Not idempotent and never resent: after <see cref="FlyErrorClass.AmbiguousOutcome"/> look the app up.</summary>
    /// <exception cref="FlyApiException"><see cref="FlyErrorClass.NameTaken"/> when any Fly customer, we included, holds the name.</exception>
    Task CreateAppAsync(CreateAppRequest request, CancellationToken cancellationToken);

    /// <summary>Who holds an app name: us, another organisation, or nobody.</summary>
    Task<AppLookup> LookUpAppAsync(string appName, CancellationToken cancellationToken);

    /// <summary>Asks Fly to delete an app with everything in it; 202 means accepted, not done. An app already gone is a success.</summary>
    Task DeleteAppAsync(string appName, CancellationToken cancellationToken);

    /// <summary>All apps of an organisation, those without machines included.</summary>
    Task<IReadOnlyList<FlyApp>> ListAppsAsync(string orgSlug, CancellationToken cancellationToken);

    /// <summary>The live machines of one app, in full. Lists can lag: an empty one is not proof of absence.</summary>
    Task<IReadOnlyList<Machine>> ListMachinesAsync(string appName, CancellationToken cancellationToken);

    /// <summary>One machine, or null when Fly answers 404 for it. A destroyed machine may still be returned with state <c>destroyed</c>.</summary>
    Task<Machine?> GetMachineAsync(string appName, string machineId, CancellationToken cancellationToken);

    /// <summary>Creates a machine. Not idempotent and never resent; a live machine of the same name gives
    /// <see cref="FlyErrorDetail.MachineNameTaken"/> with <see cref="FlyApiException.ExistingMachineId"/>.</summary>
    Task<Machine> CreateMachineAsync(string appName, CreateMachineRequest request, CancellationToken cancellationToken);

    /// <summary>Replaces a machine's whole config and restarts it. Not resent: repeating restarts again.</summary>
    Task<Machine> UpdateMachineAsync(
        string appName, string machineId, UpdateMachineRequest request, CancellationToken cancellationToken, string? leaseNonce = null);

    /// <summary>Starts a machine; one that is starting or started already is a success.</summary>
    Task StartMachineAsync(string appName, string machineId, CancellationToken cancellationToken, string? leaseNonce = null);

    /// <summary>Stops a machine; one that is stopped already is a success.</summary>
    Task StopMachineAsync(string appName, string machineId, CancellationToken cancellationToken, string? leaseNonce = null);

    /// <summary>Restarts a machine on the same version. Not for secrets: a restart does not apply new ones. Not resent.</summary>
    Task RestartMachineAsync(string appName, string machineId, CancellationToken cancellationToken, string? leaseNonce = null);

    /// <summary>Destroys a machine; one already gone is a success. Completion is asynchronous: confirm with a GET by id.</summary>
    Task DeleteMachineAsync(
        string appName, string machineId, bool force, CancellationToken cancellationToken, string? leaseNonce = null);

    /// <summary>Waits until a machine (of a version, when given) reaches a state. False when it did not within the time.</summary>
    /// <param name="timeout">1 to 60 s; anything else is an <see cref="ArgumentOutOfRangeException"/>.</param>
    Task<bool> WaitForMachineAsync(
        string appName, string machineId, string state, string? version, TimeSpan timeout, CancellationToken cancellationToken);

    /// <summary>Takes a machine's lease. <see cref="FlyErrorDetail.LeaseHeld"/> when another actor holds it.</summary>
    Task<MachineLease> AcquireLeaseAsync(
        string appName, string machineId, TimeSpan ttl, string description, CancellationToken cancellationToken);

    /// <summary>Extends a lease that we hold; returns the same nonce.</summary>
    Task<MachineLease> RefreshLeaseAsync(
        string appName, string machineId, string nonce, TimeSpan ttl, CancellationToken cancellationToken);

    /// <summary>Gives a lease back; one that is gone already is a success.</summary>
    Task ReleaseLeaseAsync(string appName, string machineId, string nonce, CancellationToken cancellationToken);

    /// <summary>Changes metadata without a new version or a restart. A null value removes the key.</summary>
    Task PatchMetadataAsync(
        string appName, string machineId, IReadOnlyDictionary<string, string?> changes, CancellationToken cancellationToken);

    /// <summary>Names and digests of an app's secrets; never values.</summary>
    Task<IReadOnlyList<AppSecret>> ListSecretsAsync(string appName, CancellationToken cancellationToken);

    /// <summary>Merges secrets in one call; a null value unsets. Returns the app-wide version and the digests after it.</summary>
    Task<SecretsUpdate> SetSecretsAsync(
        string appName, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken);

    /// <summary>One page of every machine of an organisation. Follow <see cref="OrgMachinesPage.NextCursor"/> until it is null,
    /// never a row count: short and empty pages occur while more remain.</summary>
    Task<OrgMachinesPage> ListOrgMachinesAsync(string orgSlug, OrgMachinesQuery query, CancellationToken cancellationToken);

    /// <summary>Simulates placement: how many machines of this guest a region would take. Advisory.</summary>
    Task<IReadOnlyList<Placement>> GetPlacementsAsync(
        string orgSlug, string region, Guest guest, int count, CancellationToken cancellationToken);

    Task<IReadOnlyList<FlyRegion>> ListRegionsAsync(CancellationToken cancellationToken);

    /// <summary>What the configured token may see; the start-up check that the organisation is right.</summary>
    Task<IReadOnlyList<TokenInfo>> GetCurrentTokensAsync(CancellationToken cancellationToken);

    Task<IReadOnlyList<IpAssignment>> ListIpAssignmentsAsync(string appName, CancellationToken cancellationToken);

    /// <summary>Allocates an address. Not resent: list first, then allocate what is missing.</summary>
    /// <param name="type"><c>v4</c>, <c>v6</c>, <c>shared_v4</c> or <c>private_v6</c>.</param>
    Task<IpAssignment> AllocateIpAsync(string appName, string type, CancellationToken cancellationToken);
}

/// <summary>The image registry: does a tag or digest exist, and what is its digest.</summary>
public interface IImageRegistry
{
    /// <summary>The manifest digest (<c>sha256:…</c>) behind a reference, or null when the registry says that it does not exist.</summary>
    /// <exception cref="FlyApiException">Anything but a clear yes or no: an unreachable registry is not a missing image.</exception>
    Task<string?> FindDigestAsync(ImageReference image, CancellationToken cancellationToken);
}
