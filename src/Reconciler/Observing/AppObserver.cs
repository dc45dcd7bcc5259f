using FlyApi;
using FlyApi.Contracts;
using Reconciler.Health;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Observing;

/// <summary>
/// Reads one user's app directly from Fly. Absence is only ever concluded from a direct 404 or a <c>destroyed</c> by id,
/// never from a list alone; what a 404 is worth, the plan decides (<see cref="ElectedAbsence"/>). Fails whole: a call that fails throws, and no half snapshot leaves this class.
/// </summary>
internal sealed class AppObserver(IFlyApi fly, IHealthProber prober, TimeProvider time)
{
    private readonly FormerAppReader _formers = new(fly, time);

    /// <param name="deep">Also read what is normally only remembered: the secrets' digests, the addresses.</param>
    public async Task<ObservedApp> ObserveAsync(
        UserApp user, AppMemory memory, DesiredApp desired, FleetPolicy policy, bool deep, CancellationToken cancellationToken)
    {
        var own = await ObserveOwnAsync(user, memory, desired, policy, deep, cancellationToken);
        return user.FormerApps.Count == 0 ? own : own with { Former = await _formers.ReadAsync(user, policy, cancellationToken) };
    }

    private async Task<ObservedApp> ObserveOwnAsync(
        UserApp user, AppMemory memory, DesiredApp desired, FleetPolicy policy, bool deep, CancellationToken cancellationToken)
    {
        var owned = user.Ownership is { ReleasedAt: null };
        if (!owned && NeverTouched(user, memory, desired))
        {
            return ObservedApp.Unclaimed;
        }

        var machines = owned
            ? await ListOwnedAsync(user, policy, cancellationToken)
            : await LookAsync(user, policy, cancellationToken);
        if (machines.Presence is AppPresence.Missing or AppPresence.Foreign)
        {
            return new ObservedApp { App = machines.Presence };
        }

        var live = machines.Machines.Where(m => !MachineStates.IsTerminal(m.State)).ToList();
        var isListed = user.MachineId is null || live.Any(m => m.Id == user.MachineId);
        var elected = isListed
            ? live.FirstOrDefault(m => m.Id == user.MachineId)
            : await fly.GetMachineAsync(user.AppName, user.MachineId!, cancellationToken);
        var electedGone = elected is not null && MachineStates.IsTerminal(elected.State);
        if (!isListed && elected is not null && !electedGone)
        {
            live.Add(elected);
        }

        return new ObservedApp
        {
            App = machines.Presence,
            Machines = [.. live.OrderBy(m => m.Id, StringComparer.Ordinal)],
            ElectedGone = electedGone,
            ElectedNotFound = !isListed && elected is null,
            Secrets = deep && machines.Shown && memory.Secrets is not null ? await fly.ListSecretsAsync(user.AppName, cancellationToken) : null,
            Addresses = machines.Shown && policy.PublicIngress ? await AddressesAsync(user.AppName, cancellationToken) : null,
            Probe = desired.Phase == Phase.Run && elected?.State == MachineStates.Started
                ? await prober.ProbeAsync(user.AppName, elected.Id, user.UserId, cancellationToken)
                : null,
        };
    }

    /// <summary>
    /// Nothing was ever asked of Fly under this name, or it was all released: the create call itself is then the look, and
    /// saves one. An entitled user whose app was released starts afresh; one without a tier is looked at, because a late
    /// request of ours may have landed after the deletion.
    /// </summary>
    private static bool NeverTouched(UserApp user, AppMemory memory, DesiredApp desired) =>
        !user.OwnIntents.Any() && user.MachineId is null && memory.NameTakenAt is null
        && (user.Ownership is null ? user.DeployedAt is null : desired.Phase == Phase.Run);

    /// <param name="Shown">False: it is held to be there although Fly does not show it yet, so that there is nothing more to read of it.</param>
    private readonly record struct Look(AppPresence Presence, IReadOnlyList<Machine> Machines, bool Shown = true);

    private async Task<Look> ListOwnedAsync(
        UserApp user, FleetPolicy policy, CancellationToken cancellationToken)
    {
        try
        {
            return new Look(AppPresence.Ours, await fly.ListMachinesAsync(user.AppName, cancellationToken));
        }
        catch (FlyApiException exception) when (exception.Status == System.Net.HttpStatusCode.Forbidden)
        {
            if (await ListsAsOursAsync(user, policy, cancellationToken))
            {
                throw;
            }

            return new Look(AppPresence.Foreign, []);
        }
        catch (FlyApiException exception) when (exception.Class == FlyErrorClass.NotFound)
        {
            // One 404 can be lag or another layer's: the app itself decides.
            var lookup = await fly.LookUpAppAsync(user.AppName, cancellationToken);
            var presence = lookup switch
            {
                AppLookup.Found found when InOurOrg(found, policy) => AppPresence.Ours,
                AppLookup.Missing when JustAcquired(user, policy) => AppPresence.Ours,
                AppLookup.Missing => AppPresence.Missing,
                _ => AppPresence.Foreign,
            };
            return presence != AppPresence.Ours && await ListsAsOursAsync(user, policy, cancellationToken)
                ? new Look(AppPresence.Ours, [], Shown: false)
                : new Look(presence, [], Shown: lookup is AppLookup.Found);
        }
    }

    private async Task<Look> LookAsync(
        UserApp user, FleetPolicy policy, CancellationToken cancellationToken)
    {
        var lookup = await fly.LookUpAppAsync(user.AppName, cancellationToken);
        if (lookup is AppLookup.Missing)
        {
            return new Look(AppPresence.Missing, []);
        }

        if (lookup is AppLookup.Foreign && await ListsAsOursAsync(user, policy, cancellationToken))
        {
            throw new FlyApiException(FlyErrorClass.Transient, "apps.get", null, $"Fly refuses us the app {user.AppName} and lists it as ours");
        }

        if (lookup is not AppLookup.Found found || !InOurOrg(found, policy))
        {
            return new Look(AppPresence.Foreign, []);
        }

        var machines = await fly.ListMachinesAsync(user.AppName, cancellationToken);
        return new Look(OwnershipEvidence.Of(user, machines) ? AppPresence.Adoptable : AppPresence.Foreign, machines);
    }

    private async Task<IReadOnlyList<string>> AddressesAsync(string app, CancellationToken cancellationToken)
    {
        var addresses = await fly.ListIpAssignmentsAsync(app, cancellationToken);
        return [.. addresses.Select(a => a.Shared ? "shared_v4" : a.Type ?? (a.Ip.Contains(':', StringComparison.Ordinal) ? "v6" : "v4")).Order(StringComparer.Ordinal)];
    }

    /// <summary>
    /// A refusal has two meanings: the app is another organisation's, or our token has lost its rights for a moment. A token that
    /// may list our apps has them.
    /// </summary>
    private async Task<bool> ListsAsOursAsync(UserApp user, FleetPolicy policy, CancellationToken cancellationToken)
    {
        var apps = await fly.ListAppsAsync(policy.OrgSlug, cancellationToken);
        return apps.Any(a => a.Name == user.AppName);
    }

    private static bool InOurOrg(AppLookup.Found found, FleetPolicy policy) => found.App.OrgSlug == policy.OrgSlug;

    /// <summary>The database's clock wrote the instant and ours reads it: one that lies in our future by more than the lag is none of
    /// now, or an app would be new for as long as the clocks differ.</summary>
    private bool JustAcquired(UserApp user, FleetPolicy policy) =>
        user.Ownership is { } ownership
        && (time.GetUtcNow() - new DateTimeOffset(ownership.AcquiredAt, TimeSpan.Zero)).Duration() < policy.Timings.CreateLag;
}
