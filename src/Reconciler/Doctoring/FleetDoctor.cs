using FlyApi;
using Reconciler.Configuration;
using Reconciler.Hosting;

namespace Reconciler.Doctoring;

/// <summary>Examines everything outside the database: Fly's token, organisation and region, the image, the service key, the signal file.</summary>
internal static class FleetDoctor
{
    public static async Task<IReadOnlyList<Finding>> ExamineAsync(Core core, CancellationToken cancellationToken)
    {
        var settings = core.Settings;
        var findings = new List<Finding>
        {
            await TryAsync("fly: token", () => TokenAsync(core, cancellationToken)),
            await TryAsync("fly: organisation", () => OrganisationAsync(core, cancellationToken)),
            await TryAsync("fly: region", () => RegionAsync(core, cancellationToken)),
            await TryAsync("fly: capacity", () => CapacityAsync(core, cancellationToken)),
        };
        await core.Policies.RefreshAsync(cancellationToken);
        var image = core.Images.Fleet;
        findings.Add(image.Resolved
            ? Ok("image", $"{image.Label} is {image.Digest}")
            : Failed("image", image.Problem ?? "not resolved", "set DOCKER_IMAGE to an existing tag or digest, or to follow:APP"));
        var secrets = core.Secrets.Status;
        findings.Add(secrets.Usable
            ? Ok("service key", $"good; {secrets.Names.Count} app secrets per machine")
            : Failed("service key", secrets.Problem!, "set SUPABASE_SERVICE_ROLE_KEY to the project's current service role key"));
        if (core.Secrets.Warning is { } warning)
        {
            findings.Add(new Finding("service key", FindingLevel.Warning, warning, "replace the key in time"));
        }

        findings.Add(SignalFile(settings.Loops.SignalFile));
        findings.Add(settings.Mode == ReconcilerMode.Observe
            ? new Finding("mode", FindingLevel.Warning, "Observe: plans are made and nothing is changed", "set Reconciler__Mode=Enforce to act")
            : settings.EnforceFor.IsEverybody ? Ok("mode", "Enforce, for everybody")
            : new Finding(
                "mode", FindingLevel.Warning,
                $"Enforce for {Covered(settings.EnforceFor)} only; everybody else is observed", "set Reconciler__EnforceFor=all when they are well"));
        return findings;
    }

    private static string Covered(EnforcementScope scope) => string.Join(" and ", new[]
    {
        scope.Tiers.Count > 0 ? $"tier {string.Join(", ", scope.Tiers.Order(StringComparer.Ordinal))}" : null,
        scope.Users.Count > 0 ? $"{scope.Users.Count} named user(s)" : null,
    }.OfType<string>());

    private static async Task<Finding> TokenAsync(Core core, CancellationToken cancellationToken)
    {
        var tokens = await core.Fly.GetCurrentTokensAsync(cancellationToken);
        var org = core.Settings.Fly.OrgSlug;
        var expiry = tokens.Select(t => t.ExpiresAt).OfType<DateTimeOffset>().DefaultIfEmpty(DateTimeOffset.MaxValue).Min();
        if (tokens.All(t => t.OrgSlug is { } slug && slug != org))
        {
            return Failed(
                "fly: token",
                $"the token is for {string.Join(", ", tokens.Select(t => t.OrgSlug))}, not for {org}",
                $"make one with `fly tokens create org -o {org}`");
        }

        return expiry - core.Ports.Time.GetUtcNow() < TimeSpan.FromDays(14)
            ? new Finding("fly: token", FindingLevel.Warning, $"ends at {expiry:u}", "make a new one in time and set FLY_API_TOKEN")
            : Ok("fly: token", expiry == DateTimeOffset.MaxValue ? "accepted" : $"accepted until {expiry:u}");
    }

    private static async Task<Finding> OrganisationAsync(Core core, CancellationToken cancellationToken)
    {
        var apps = await core.Fly.ListAppsAsync(core.Settings.Fly.OrgSlug, cancellationToken);
        return Ok("fly: organisation", $"{core.Settings.Fly.OrgSlug} has {apps.Count} app(s)");
    }

    private static async Task<Finding> RegionAsync(Core core, CancellationToken cancellationToken)
    {
        var code = core.Settings.Fly.Region;
        var regions = await core.Fly.ListRegionsAsync(cancellationToken);
        return regions.FirstOrDefault(r => r.Code == code) switch
        {
            null => Failed("fly: region", $"{code} is not one of Fly's regions", "set FLY_DEFAULT_REGION=sin"),
            { Deprecated: true } => new Finding("fly: region", FindingLevel.Warning, $"{code} is deprecated", "plan a move to another region"),
            var region => Ok("fly: region", $"{region.Code} {region.Name}"),
        };
    }

    private static async Task<Finding> CapacityAsync(Core core, CancellationToken cancellationToken)
    {
        var (region, guest) = (core.Settings.Fly.Region, core.Settings.Fleet.Guests["pro"]);
        var placements = await core.Fly.GetPlacementsAsync(core.Settings.Fly.OrgSlug, region, guest, 1, cancellationToken);
        return placements.Count > 0 && placements.All(p => p.Count < 1)
            ? new Finding("fly: capacity", FindingLevel.Warning, $"{region} has no room for another machine now", "wait, or ask Fly for a higher limit")
            : Ok("fly: capacity", $"{region} takes {guest.Cpus} CPU/{guest.MemoryMb} MB");
    }

    private static Finding SignalFile(string path)
    {
        var directory = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Directory.CreateDirectory(directory);
            var probe = Path.Combine(directory, $".{RealWorld.NewId()}");
            File.WriteAllText(probe, "");
            File.Delete(probe);
            return Ok("signal file", $"{path} can be written");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return Failed("signal file", $"{directory} cannot be written: {exception.Message}", "set RECONCILER_SIGNAL_FILE to a writable path");
        }
    }

    private static async Task<Finding> TryAsync(string check, Func<Task<Finding>> examine)
    {
        try
        {
            return await examine();
        }
        catch (FlyApiException exception)
        {
            var fix = exception.Class == FlyErrorClass.Unauthorised
                ? "set FLY_API_TOKEN to an organisation token (`fly tokens create org`)"
                : "look at https://status.flyio.net and at FLY_API_HOSTNAME";
            return Failed(check, exception.Message, fix);
        }
    }

    private static Finding Ok(string check, string what) => new(check, FindingLevel.Ok, what, null);

    private static Finding Failed(string check, string what, string fix) => new(check, FindingLevel.Failed, what, fix);
}
