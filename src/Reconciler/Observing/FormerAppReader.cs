using System.Collections.Concurrent;
using FlyApi;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Observing;

/// <summary>
/// Looks at the apps that a user's row no longer names: one call for each, two for one that is there or newly away. Since when one
/// is away is remembered in this process; a restart costs the record of one that is gone that while once more.
/// </summary>
internal sealed class FormerAppReader(IFlyApi fly, TimeProvider time)
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _away = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> _missing = new(StringComparer.Ordinal);

    /// <summary>Those that are away by the organisation's list of apps, too.</summary>
    private readonly ConcurrentDictionary<string, bool> _believed = new(StringComparer.Ordinal);

    /// <exception cref="FlyApiException">One could not be read: what runs there is unknown, so nothing is done for this user.</exception>
    public async Task<IReadOnlyList<FormerApp>> ReadAsync(UserApp user, FleetPolicy policy, CancellationToken cancellationToken)
    {
        var found = new List<FormerApp>(user.FormerApps.Count);
        foreach (var app in user.FormerApps)
        {
            found.Add(await ReadAsync(app, user.UserId, policy, cancellationToken));
        }

        return found;
    }

    private async Task<FormerApp> ReadAsync(string app, Guid userId, FleetPolicy policy, CancellationToken cancellationToken)
    {
        var lookup = await fly.LookUpAppAsync(app, cancellationToken);
        if (lookup is AppLookup.Found found && found.App.OrgSlug == policy.OrgSlug)
        {
            var machines = await fly.ListMachinesAsync(app, cancellationToken);
            if (OwnershipEvidence.Denies(userId, machines))
            {
                return Foreign(app);
            }

            IsBack(app);
            var live = machines.Where(m => !MachineStates.IsTerminal(m.State)).OrderBy(m => m.Id, StringComparer.Ordinal);
            return new FormerApp(app, AppPresence.Ours, [.. live], null);
        }

        await DoubtAsync(app, policy, cancellationToken);
        return lookup is AppLookup.Missing ? new FormerApp(app, AppPresence.Missing, [], Since(_away, app), Since(_missing, app)) : Foreign(app);
    }

    /// <summary>Another organisation has the name by now, or we are refused for a while. Either way it is not ours to touch, and the record
    /// stays, for whoever sees it again.</summary>
    private FormerApp Foreign(string app)
    {
        _missing.TryRemove(app, out _);
        return new FormerApp(app, AppPresence.Foreign, [], Since(_away, app));
    }

    /// <summary>The same answer can be wrong again and again, while a machine of this user's runs there. So another is asked, too, until
    /// looks have agreed for as long as the user's own machine has to wait for.</summary>
    private async Task DoubtAsync(string app, FleetPolicy policy, CancellationToken cancellationToken)
    {
        if (_believed.ContainsKey(app))
        {
            return;
        }

        var apps = await fly.ListAppsAsync(policy.OrgSlug, cancellationToken);
        if (apps.Any(a => a.Name == app))
        {
            IsBack(app);
        }
        else if (time.GetUtcNow() - Since(_away, app) >= policy.Timings.CreateLag)
        {
            _believed[app] = true;
        }
    }

    private void IsBack(string app)
    {
        _away.TryRemove(app, out _);
        _missing.TryRemove(app, out _);
        _believed.TryRemove(app, out _);
    }

    private DateTimeOffset Since(ConcurrentDictionary<string, DateTimeOffset> memory, string app)
    {
        var now = time.GetUtcNow();
        return memory.AddOrUpdate(app, now, (_, since) => since > now ? now : since); // our clock may have been set back
    }
}
