using System.Net;
using FlyApi.Calls;
using FlyApi.Contracts;
using FlyApi.Limits;
using FlyApi.Transport;
using FlyApi.Wire;

namespace FlyApi;

internal sealed partial class FlyApiClient
{
    public Task CreateAppAsync(CreateAppRequest request, CancellationToken cancellationToken) => transport.SendAsync(
        new FlyCall
        {
            Operation = FlyOperations.AppCreate,
            Method = HttpMethod.Post,
            Path = "/v1/apps",
            Repeatable = false,
            LimitedBy = request.Name,
            Body = WireJson.Write(new WireCreateApp(request.Name, request.OrgSlug, request.Network), FlyJsonContext.Default.WireCreateApp),
        },
        ReadCreated,
        cancellationToken);

    public async Task<AppLookup> LookUpAppAsync(string appName, CancellationToken cancellationToken)
    {
        try
        {
            return new AppLookup.Found(await GetAsync(
                FlyOperations.AppGet, FlyPath.App(appName), appName, FlyJsonContext.Default.WireApp, MapApp, cancellationToken));
        }
        catch (FlyApiException exception) when (exception.Class is FlyErrorClass.NotFound)
        {
            return new AppLookup.Missing();
        }
        catch (FlyApiException exception) when (exception is { Class: FlyErrorClass.Unauthorised, Status: HttpStatusCode.Forbidden })
        {
            return new AppLookup.Foreign();
        }
    }

    public async Task DeleteAppAsync(string appName, CancellationToken cancellationToken)
    {
        try
        {
            await SendQuietlyAsync(
                new FlyCall
                {
                    Operation = FlyOperations.AppDelete,
                    Method = HttpMethod.Delete,

                    // Documented for apps with running machines; ignored where it is not needed.
                    Path = FlyPath.WithQuery(FlyPath.App(appName), ("force", "true")),

                    // Harmless to Fly, not to the user: between two tries the app may have become wanted again, and only whoever
                    // asked can know.
                    Repeatable = false,

                    // No identifier: the limit is the organisation's, whatever the app.
                    Limit = RateLimit.AppDelete,
                },
                cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Class is FlyErrorClass.NotFound)
        {
            // Gone already is what was asked for.
        }
    }

    public Task<IReadOnlyList<FlyApp>> ListAppsAsync(string orgSlug, CancellationToken cancellationToken) => GetAsync(
        FlyOperations.AppList, FlyPath.WithQuery("/v1/apps", ("org_slug", orgSlug)), orgSlug, FlyJsonContext.Default.WireApps,
        static IReadOnlyList<FlyApp> (wire) =>
        {
            // Go writes an empty list as null; the count beside it tells an empty organisation from a broken answer.
            var rows = wire.Apps ?? (wire.TotalApps == 0 ? [] : null);
            var apps = Rows.Require(rows, "apps", MapApp);
            return apps.Count == 0 && wire.TotalApps > 0
                ? throw new System.Text.Json.JsonException($"an empty list 'apps' beside a total of {wire.TotalApps}")
                : apps;
        },
        cancellationToken);

    public Task<IReadOnlyList<IpAssignment>> ListIpAssignmentsAsync(string appName, CancellationToken cancellationToken) => GetAsync(
        FlyOperations.IpList, $"{FlyPath.App(appName)}/ip_assignments", appName, FlyJsonContext.Default.WireIps,
        static IReadOnlyList<IpAssignment> (wire) => Rows.Require(wire.Ips, "ips", MapIp),
        cancellationToken);

    public Task<IpAssignment> AllocateIpAsync(string appName, string type, CancellationToken cancellationToken) => transport.SendAsync(
        new FlyCall
        {
            Operation = FlyOperations.IpAllocate,
            Method = HttpMethod.Post,
            Path = $"{FlyPath.App(appName)}/ip_assignments",
            Repeatable = false,
            LimitedBy = appName,
            Body = WireJson.Write(new WireIpRequest(type), FlyJsonContext.Default.WireIpRequest),
        },
        answer => MapIp(WireJson.Read(answer.Body, FlyJsonContext.Default.WireIp)) with { Type = type },
        cancellationToken);

    /// <summary>
    /// Documented is 201, with the app's id or with nothing. Whoever believes another answer takes an app for made that is not, and
    /// forgets the call that may still make it.
    /// </summary>
    private static string? ReadCreated(FlyAnswer answer) => answer.Body.IsEmpty && answer.Status == HttpStatusCode.Created
        ? null
        : Rows.Text(WireJson.Read(answer.Body, FlyJsonContext.Default.WireCreatedApp).Id, "id");

    private static FlyApp MapApp(WireApp wire) =>
        new(Rows.Text(wire.Name, "name"), wire.Organization?.Slug, wire.Status, wire.MachineCount ?? 0);

    private static IpAssignment MapIp(WireIp wire)
    {
        var ip = Rows.Text(wire.Ip, "ip");
        var shared = wire.Shared ?? false;
        return new IpAssignment(ip, wire.Type ?? TypeOf(ip, shared), shared);
    }

    // The answer does not name the type that the request takes; the address shows it (fdaa: is Fly's private range).
    private static string TypeOf(string ip, bool shared) =>
        ip.StartsWith("fdaa:", StringComparison.OrdinalIgnoreCase) ? "private_v6"
        : ip.Contains(':', StringComparison.Ordinal) ? "v6"
        : shared ? "shared_v4" : "v4";
}
