using Operations.Tests.Scraping;

namespace Operations.Tests;

/// <summary>5,000 users, each as different from the others as a row can be.</summary>
public sealed class LargeFleetTests : WorldTest
{
    private const int Users = 5_000;
    private const int MostBytes = 1_000_000;

    [Fact]
    public async Task The_scrape_stays_small_and_names_nobody()
    {
        await World.Database.ExecuteAsync($"""
            insert into auth.users (id) select gen_random_uuid() from generate_series(1, {Users});
            insert into public.user_subscriptions (user_id, tier) select id, 'pro' from auth.users;
            update public.user_fly_apps
               set conditions = jsonb_build_array(jsonb_build_object('type', 'Ready', 'status', 'False', 'reason', 'Because' || user_id)),
                   controller_state = jsonb_build_object('lastGood', jsonb_build_object(
                     'imageDigest', 'sha256:' || md5('a' || user_id) || md5('b' || user_id), 'secretsDigest', left(md5('c' || user_id), 16)))
            """);
        var daemon = await World.StartReadyAsync(("Reconciler__Mode", "Observe"), ("Reconciler__Workers", "16"));
        Exposition scrape = await Exposition.ScrapeAsync(daemon.Address!);
        await World.EventuallyAsync(
            async () =>
            {
                scrape = await Exposition.ScrapeAsync(daemon.Address!);
                return scrape.Samples.Where(s => s.Name == "reconciler_users").Sum(s => s.Value) == Users
                    && scrape.Samples.Where(s => s.Name == "controller_runtime_reconcile_total").Sum(s => s.Value) >= Users;
            },
            "everybody was counted and looked at");

        Assert.InRange(scrape.Bytes, 1, MostBytes);
        Assert.InRange(scrape.Samples.Count(s => s.Name == "reconciler_image_users"), 1, 11);
        Assert.InRange(scrape.Samples.Count(s => s.Name == "reconciler_secrets_users"), 1, 11);
        Assert.DoesNotContain(scrape.Samples.SelectMany(s => s.Labels.Values), v => v.Contains("vyx-user-", StringComparison.Ordinal) || Guid.TryParse(v, out _));
        Console.WriteLine($"scrape at {Users} users: {scrape.Bytes} bytes, {scrape.Samples.Count} series");
    }
}
