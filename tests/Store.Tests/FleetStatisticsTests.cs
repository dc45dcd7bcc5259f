namespace Store.Tests;

public sealed class FleetStatisticsTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task The_fleet_is_counted_by_state_by_image_by_secrets_and_by_cost()
    {
        Assert.Equal(0, (await fixture.Stores.Statistics.ReadAsync(default)).States.Sum(s => s.Users));
        await WriteAsync("active", "Converged", "sha256:aa", "k1", 4.04m);
        await WriteAsync("active", "Converged", "sha256:aa", "k2", 4.04m);
        await WriteAsync("error", "FlyCapacity", "sha256:bb", "k2", 0);
        await WriteAsync("provisioning", null, null, null, null);
        await WriteAsync("deleted", "Deprovisioned", "sha256:aa", "k1", 4.04m, deleted: true);

        var statistics = await fixture.Stores.Statistics.ReadAsync(default);

        Assert.Equal(
            [new("active", "Converged", 2), new("error", "FlyCapacity", 1), new("provisioning", null, 1)],
            statistics.States.OrderBy(s => s.Status, StringComparer.Ordinal));
        Assert.Equal(new DigestCount("sha256:aa", 2), statistics.Images[0]);
        Assert.Equal([new(null, 1), new("sha256:bb", 1)], statistics.Images.Skip(1).OrderBy(i => i.Digest, StringComparer.Ordinal));
        Assert.Equal(new DigestCount("k2", 2), statistics.Secrets[0]);
        Assert.Equal(8.08m, statistics.MonthlyCostUsd);
    }

    private async Task WriteAsync(string status, string? reason, string? image, string? secrets, decimal? cost, bool deleted = false)
    {
        var user = await fixture.PayingUserAsync();
        await fixture.Database.ExecuteAsync(
            """
            update public.user_fly_apps
               set status = $2, conditions = $3::jsonb, controller_state = $4::jsonb, monthly_cost_estimate_usd = $5,
                   deleted_at = case when $6 then now() end
             where user_id = $1
            """,
            user.UserId,
            status,
            reason is null ? "[]" : $$"""[{"type":"Healthy","reason":"Other"},{"type":"Ready","reason":"{{reason}}"}]""",
            image is null ? "{}" : $$"""{"lastGood": {"imageDigest": "{{image}}", "secretsDigest": "{{secrets}}"} }""",
            (object?)cost ?? DBNull.Value,
            deleted);
    }
}
