using System.Globalization;
using FlyApi.Calls;
using FlyApi.Contracts;
using FlyApi.Limits;
using FlyApi.Wire;

namespace FlyApi;

internal sealed partial class FlyApiClient
{
    private const int LargestPage = 1000;

    public Task<OrgMachinesPage> ListOrgMachinesAsync(string orgSlug, OrgMachinesQuery query, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(query.Limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(query.Limit, LargestPage);
        var path = FlyPath.WithQuery(
            $"{FlyPath.Org(orgSlug)}/machines",
            ("cursor", query.Cursor),
            ("updated_after", query.Cursor is null
                ? query.UpdatedAfter?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture) : null),
            ("include_deleted", query.IncludeDeleted ? "true" : null),
            ("limit", query.Limit.ToString(CultureInfo.InvariantCulture)));
        return transport.SendAsync(
            new FlyCall
            {
                Operation = FlyOperations.OrgMachineList,
                Method = HttpMethod.Get,
                Path = path,
                Repeatable = true,
                Limit = RateLimit.OrgList,
                LimitedBy = orgSlug,
            },
            answer => OrgMachinesReader.Read(answer.Body, _strings),
            cancellationToken);
    }

    public Task<IReadOnlyList<Placement>> GetPlacementsAsync(
        string orgSlug, string region, Guest guest, int count, CancellationToken cancellationToken) => transport.SendAsync(
        new FlyCall
        {
            Operation = FlyOperations.PlacementGet,
            Method = HttpMethod.Post,
            Path = "/v1/platform/placements",

            // A POST that only asks.
            Repeatable = true,
            LimitedBy = orgSlug,
            Body = WireJson.Write(new WirePlacementRequest(orgSlug, region, guest, count), FlyJsonContext.Default.WirePlacementRequest),
        },
        static IReadOnlyList<Placement> (answer) => Rows.Require(
            WireJson.Read(answer.Body, FlyJsonContext.Default.WirePlacements).Regions, "regions",
            static row => new Placement(Rows.Text(row.Region, "region"), row.Count ?? 0)),
        cancellationToken);

    public Task<IReadOnlyList<FlyRegion>> ListRegionsAsync(CancellationToken cancellationToken) => GetAsync(
        FlyOperations.RegionList, "/v1/platform/regions", "", FlyJsonContext.Default.WireRegions,
        static IReadOnlyList<FlyRegion> (wire) => Rows.Require(wire.Regions, "regions", static row =>
            new FlyRegion(Rows.Text(row.Code, "code"), row.Name, row.Deprecated ?? false, row.RequiresPaidPlan ?? false)),
        cancellationToken);

    public Task<IReadOnlyList<TokenInfo>> GetCurrentTokensAsync(CancellationToken cancellationToken) => GetAsync(
        FlyOperations.TokenGet, "/v1/tokens/current", "", FlyJsonContext.Default.WireTokens,
        static IReadOnlyList<TokenInfo> (wire) => Rows.Require(wire.Tokens, "tokens", static row =>
            new TokenInfo(row.TokenId, row.OrgSlug, [.. (row.Apps ?? []).OfType<string>()], row.ExpiresAt)),
        cancellationToken);
}
