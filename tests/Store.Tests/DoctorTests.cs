namespace Store.Tests;

public sealed class DoctorTests(StoreFixture fixture) : IClassFixture<StoreFixture>
{
    [Fact]
    public async Task A_good_database_has_nothing_to_fail()
    {
        await fixture.PayingUserAsync();

        var checks = await fixture.Stores.Doctor.ExamineAsync(default);

        Assert.DoesNotContain(checks, static check => check.Outcome == StoreCheckOutcome.Failed);
        Assert.Equal(StoreCheckOutcome.Warning, Outcome(checks, "tls")); // the tests' server has no certificate
        Assert.All(
            new[] { "connection", "server version", "clock", "listen", "migrations", "privileges", "subscriptions", "tier trigger" },
            name => Assert.Equal(StoreCheckOutcome.Ok, Outcome(checks, name)));
        Assert.All(checks, static check => Assert.Equal(check.Outcome == StoreCheckOutcome.Ok, check.Fix is null));
    }

    [Fact]
    public async Task The_owner_is_told_of_the_hosts_recursive_policies()
    {
        await using var stores = StoreFixture.Open(fixture.Database.OwnerConnectionString);

        var checks = await stores.Doctor.ExamineAsync(default);

        var check = checks.Single(static check => check.Name == "profile policies");
        Assert.Equal(StoreCheckOutcome.Warning, check.Outcome);
        Assert.Contains("infinite recursion", check.Finding, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_before_the_migration_fails_with_the_fix()
    {
        var database = await fixture.Database.Cluster.CreateDatabaseAsync();
        await using var stores = StoreFixture.Open(database.OwnerConnectionString);

        var checks = await stores.Doctor.ExamineAsync(default);

        Assert.Equal(StoreCheckOutcome.Failed, Outcome(checks, "migrations"));
        Assert.Equal(StoreCheckOutcome.Failed, Outcome(checks, "privileges"));
        Assert.Contains("migrate", checks.Single(static check => check.Name == "migrations").Fix!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_grant_is_named()
    {
        var own = new StoreFixture();
        await own.InitializeAsync();
        await own.Database.ExecuteAsync("""
            revoke update on fly_reconciler.lease from fly_reconciler_daemon;
            revoke update (machine_id) on fly_reconciler.apps from fly_reconciler_daemon;
            revoke execute on procedure fly_reconciler.fence from fly_reconciler_daemon
            """);

        var check = (await own.Stores.Doctor.ExamineAsync(default)).Single(static check => check.Name == "privileges");
        await own.DisposeAsync();

        Assert.Equal("missing: UPDATE on lease; UPDATE (machine_id) on apps; EXECUTE on fence", check.Finding);
    }

    [Theory]
    [InlineData("alter table public.user_subscriptions enable trigger on_user_tier_change", "beside ours")]
    [InlineData("alter table public.user_subscriptions disable trigger fly_reconciler_tier", "ours")]
    public async Task The_state_of_the_triggers_is_reported(string change, string part)
    {
        await fixture.Database.ExecuteAsync(change);

        var check = (await fixture.Stores.Doctor.ExamineAsync(default)).Single(static check => check.Name == "tier trigger");
        await fixture.Database.ExecuteAsync("select fly_reconciler.replace_old_trigger()");

        Assert.Equal(StoreCheckOutcome.Warning, check.Outcome);
        Assert.Contains(part, check.Finding.Replace("our trigger", "ours", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_is_away_fails_the_one_check_that_counts()
    {
        await using var stores = StoreFixture.Open("postgres://u:hidden-password@127.0.0.1:1/d");

        var check = Assert.Single(await stores.Doctor.ExamineAsync(default));

        Assert.Equal((StoreCheckOutcome.Failed, "connection"), (check.Outcome, check.Name));
        Assert.DoesNotContain("hidden-password", check.Finding, StringComparison.Ordinal);
    }

    private static StoreCheckOutcome Outcome(IReadOnlyList<StoreCheck> checks, string name) =>
        checks.Single(check => check.Name == name).Outcome;
}
