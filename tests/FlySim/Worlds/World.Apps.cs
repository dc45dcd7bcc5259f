using System.Text.RegularExpressions;
using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    private const int LongestAppName = 62;
    private readonly Dictionary<string, DateTimeOffset> _heldNames = new(StringComparer.Ordinal);
    private readonly Dictionary<string, SimApp> _goneApps = new(StringComparer.Ordinal);
    private long _appNumber = 1000;

    internal IEnumerable<SimApp> Apps => _apps.Values;

    /// <summary>For whoever looks from outside: no token, no lag.</summary>
    internal SimApp? Peek(string name) => _apps.GetValueOrDefault(name);

    /// <summary>The app, if the token may see it.</summary>
    /// <exception cref="RefusedException">404 when there is none, 403 when another organisation has it.</exception>
    internal SimApp App(string name)
    {
        if (!_apps.TryGetValue(name, out var app) || app.VisibleAt > Now)
        {
            throw new RefusedException(404, "app not found");
        }

        return app.Org == Org ? app : throw new RefusedException(403, "unauthorized");
    }

    /// <summary>The app as a reader sees it whose view is old: a new one is not there yet, one just deleted still is.</summary>
    internal SimApp AppOf(string name, int ageMs)
    {
        var asOf = Now - Ms(ageMs);
        return _apps.TryGetValue(name, out var app) && app.CreatedAt <= asOf ? App(name)
            : _goneApps.TryGetValue(name, out var gone) && gone.CreatedAt <= asOf && asOf < gone.GoneAt && gone.Org == Org ? gone
            : throw new RefusedException(404, "app not found");
    }

    internal IReadOnlyList<SimApp> AppsOf(string org, int lagMs)
    {
        RequireOwnOrg(org);
        var asOf = Now - Ms(lagMs);
        var gone = lagMs == 0 ? [] : _goneApps.Values.Where(a => asOf < a.GoneAt && !(_apps.TryGetValue(a.Name, out var again) && again.CreatedAt <= asOf));
        return [.. _apps.Values.Concat(gone).Where(a => a.Org == org && a.CreatedAt <= asOf).OrderBy(a => a.Name, StringComparer.Ordinal)];
    }

    internal SimApp CreateApp(string? name, string? org, string? network)
    {
        if (string.IsNullOrEmpty(org))
        {
            throw new RefusedException(400, "invalid_argument: org_slug is required");
        }

        RequireOwnOrg(org);
        RequireValidName(name);
        if (_apps.ContainsKey(name!) || (_heldNames.TryGetValue(name!, out var until) && until > Now))
        {
            throw new RefusedException(422, "unprocessable entity: Validation failed: Name has already been taken", "name_taken");
        }

        var app = AddApp(name!, org, network);
        app.VisibleAt = Now + Ms(Settings.AppVisibleAfterMs);
        return app;
    }

    /// <summary>Accepts the deletion; the app and all it holds go when it is due.</summary>
    internal void DeleteApp(SimApp app)
    {
        if (app.Deleting)
        {
            return;
        }

        app.GoneAt = Now + Ms(Settings.AppDeleteMs);
        _timeline.At(app.GoneAt.Value, () =>
        {
            // Somebody may have deleted it at once meanwhile; another one of its name is not what was asked to go.
            if (_apps.GetValueOrDefault(app.Name) == app)
            {
                RemoveApp(app);
            }
        });
    }

    internal void RequireOwnOrg(string org)
    {
        if (org != Org)
        {
            throw new RefusedException(403, "unauthorized");
        }
    }

    private SimApp AddApp(string name, string org, string? network)
    {
        var app = new SimApp(name, org, string.IsNullOrEmpty(network) ? "default" : network, _appNumber++, _ids.Hex(16), Now)
        {
            VisibleAt = Now,
        };
        _apps[name] = app;
        return app;
    }

    private void RemoveApp(SimApp app)
    {
        foreach (var machine in app.LiveMachines.ToList())
        {
            Destroyed(machine);
        }

        _apps.Remove(app.Name);
        app.GoneAt = Now;
        _goneApps[app.Name] = app;
        _heldNames[app.Name] = Now + Ms(Settings.AppNameHeldMs);
        RemoveRepository($"{ImageName.FlyRegistry}/{app.Name}");
        ForgetMachines(app);
    }

    private static void RequireValidName(string? name)
    {
        if (string.IsNullOrEmpty(name))
        {
            throw new RefusedException(422, "unprocessable entity: Validation failed: Name can't be blank");
        }

        if (name.Length > LongestAppName)
        {
            throw new RefusedException(422, "unprocessable entity: Validation failed: Name must be less than 63 characters");
        }

        if (!AppName().IsMatch(name))
        {
            throw new RefusedException(
                422, "unprocessable entity: Validation failed: Name may only contain lowercase letters, numbers, and dashes");
        }
    }

    [GeneratedRegex("^[a-z0-9]([a-z0-9-]*[a-z0-9])?$")]
    private static partial Regex AppName();
}
