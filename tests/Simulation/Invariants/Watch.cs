using System.Globalization;

namespace Simulation.Invariants;

/// <summary>
/// Watches every border crossing of a run and says at once when one must not have happened. What each rule promises stands in
/// docs/architecture.md under the same number.
/// </summary>
internal sealed class Watch(SimWorld world)
{
    /// <summary>Of a wish that changed while a decision on the earlier one was on its way, in which nobody can be blamed.</summary>
    private static readonly TimeSpan DecisionTime = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>The most that lies between a draw, which the database dates, and the call that it is for: how long a commit may take to
    /// be told.</summary>
    private static readonly TimeSpan Acknowledged = TimeSpan.FromMinutes(1);
    private readonly CallBudget _calls = new(world);
    private readonly Dictionary<string, long> _named = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long> _destroyed = new(StringComparer.Ordinal);
    private int _overlaps;

    /// <summary>Calls to Fly about one app so far.</summary>
    public long Calls { get; private set; }

    /// <summary>Mutating calls to Fly so far, and when the last was sent.</summary>
    public long Mutations { get; private set; }

    public long LastMutation { get; private set; }

    /// <summary>What a failover to an older state forgot of the destroy budget.</summary>
    public int ForgottenDraws { get; set; }

    /// <summary>A process is about to send.</summary>
    public void Sends(Incarnation node, FlySite site, HttpRequestMessage request)
    {
        var path = request.RequestUri!.AbsolutePath;
        CheckSecrets($"the address {path}", request.RequestUri.Query.Length == 0 ? path : request.RequestUri.OriginalString);
        if (!site.IsApi)
        {
            return;
        }

        var parts = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var app = parts is ["v1", "apps", var name, ..] ? name : null;
        if (app is not null)
        {
            Calls++;
            _calls.Count(app, site.Mutating);
        }

        if (!site.Mutating)
        {
            return;
        }

        Mutations++;
        LastMutation = world.Scheduler.Ticks;
        if (world.Database.HasJustFailedOver)
        {
            return;
        }

        CheckLeadership(node, site);
        if (request.Method == HttpMethod.Delete && app is not null)
        {
            CheckDestroy(app, parts.Length > 4 ? parts[4] : null, site);
        }
        else
        {
            CheckOwnership(site, app);
        }
    }

    /// <summary>After every event that can start a program: never two of one user (the model of Fly keeps count at each start).</summary>
    public void CheckOneMachine()
    {
        var overlaps = world.Fly.Overlaps;
        for (; _overlaps < overlaps.Count; _overlaps++)
        {
            var overlap = overlaps[_overlaps];
            if (!overlap.Machines.Select(m => m.Split('/')).Any(m => world.Fly.IsAPersons(m[1]) || world.Database.IsLost(m[0])))
            {
                world.Violate("one-machine", $"{overlap.Of}: {string.Join(" and ", overlap.Machines)} ran at once");
            }
        }
    }

    public void Logged(Incarnation node, string text, Exception? exception)
    {
        CheckSecrets($"the log of {node.Name}", text);
        if (text.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0)
        {
            world.Violate("log-forged", $"a line of {node.Name} has control characters: {text}");
        }

        if (exception is not null)
        {
            CheckSecrets($"an exception of {node.Name}", exception.ToString());
            if (exception is not (Store.StoreUnavailableException or Store.StoreSchemaException or OperationCanceledException))
            {
                world.Violate("no-panic", $"{node.Name} logged {exception}");
            }
        }
    }

    public void CheckSecrets(string where, string text)
    {
        if (!text.Contains("canary-", StringComparison.OrdinalIgnoreCase))
        {
            return;
        }

        foreach (var canary in Names.Canaries)
        {
            if (text.Contains(canary, StringComparison.OrdinalIgnoreCase))
            {
                world.Violate("no-secret", $"{where} shows {canary}: {text}");
            }
        }
    }

    /// <summary>Nothing is sent by whoever may not lead any more by the database's clock.</summary>
    private void CheckLeadership(Incarnation node, FlySite site)
    {
        if (world.LeaseOff)
        {
            return;
        }

        if (!world.Database.HoldsLease(node.Name))
        {
            world.Violate("only-the-leader", $"{node.Name} sends {site.Operation} and does not hold the lease");
        }
    }

    /// <summary>What changes an app needs a record that it is ours, or an intent that says it is about to be.</summary>
    private void CheckOwnership(FlySite site, string? app)
    {
        if (app is not null && !world.Database.IsOurs(app) && !world.Database.HasIntent(app))
        {
            world.Violate("only-our-own", $"{site.Operation} on {app}, which is not recorded as ours");
        }
    }

    /// <summary>Somebody wrote its name into a row.</summary>
    public void Renamed(string app) => _named[app] = world.Scheduler.Ticks;

    /// <summary>No row names it, or none did when it was decided.</summary>
    private bool WasFormer(string app) => world.Database.FormerApps().Contains(app, StringComparer.Ordinal)
        || (_named.TryGetValue(app, out var at) && world.Scheduler.Ticks - at < DecisionTime.Ticks);

    private void CheckDestroy(string app, string? machine, FlySite site)
    {
        if (!site.Operation.StartsWith("machines.delete", StringComparison.Ordinal) && site.Operation != "apps.delete")
        {
            return;
        }

        if (world.Database.OwnerOf(app) is not { } user)
        {
            world.Violate("only-our-own", $"{site.Operation} of {app}, which is not recorded as ours");
            return;
        }

        if (machine is null && world.Database.EntitledFor(user) > DecisionTime && !WasFormer(app))
        {
            world.Violate("blast-radius", $"{app} is destroyed although its user has been entitled for {world.Database.EntitledFor(user)}");
        }

        var subject = machine is null ? app : $"{app}/{machine}";
        _destroyed.TryAdd(subject, world.Scheduler.Ticks);
        var recent = _destroyed.Values.Count(at => world.Scheduler.Ticks - at < (Hour - Acknowledged).Ticks);
        if (recent > world.DestroyLimit + ForgottenDraws)
        {
            world.Violate(
                "blast-radius",
                string.Create(CultureInfo.InvariantCulture, $"{recent} destructions within an hour, {world.DestroyLimit} are allowed: {subject}"));
        }
    }
}
