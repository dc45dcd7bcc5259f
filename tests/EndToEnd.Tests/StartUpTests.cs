namespace EndToEnd.Tests;

public sealed class StartUpTests : WorldTest
{
    [Fact]
    public async Task A_bad_configuration_lists_every_problem_at_once_and_exits_2()
    {
        var (exit, program) = await World.RunAsync(
            [
                ("FLY_API_TOKEN", null), ("DOCKER_IMAGE", "not an image"), ("Reconciler__Workers", "none"),
                ("Reconciler__AuditSchedule", "often"), ("Reconciler__DestroyBugdet", "3"),
            ],
            "run");

        Assert.Equal(2, exit);
        foreach (var name in (string[])["FLY_API_TOKEN", "DOCKER_IMAGE", "Reconciler__Workers", "Reconciler__AuditSchedule", "Reconciler__DestroyBugdet"])
        {
            Assert.Contains(name, program.Text, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("unknown-command")]
    [InlineData("plan --user nobody")]
    [InlineData("once --timeout soon")]
    public async Task Bad_usage_exits_2(string arguments) => Assert.Equal(2, (await World.RunAsync(arguments.Split(' '))).Exit);

    [Fact]
    public async Task Migrations_run_twice_and_can_be_printed()
    {
        var owner = ("DATABASE_URL", (string?)World.Database.OwnerConnectionString);
        var (exit, again) = await World.RunAsync([owner], "migrate");
        Assert.True(exit == 0, again.Text);
        Assert.Contains("up to date", again.Output, StringComparison.Ordinal);

        var (printed, print) = await World.RunAsync("migrate", "--print");
        Assert.Equal(0, printed);
        var copy = await World.Database.Cluster.CreateDatabaseAsync();
        await copy.ExecuteAsync(print.Output);
        await copy.ExecuteAsync(print.Output);
        var user = await copy.Data.CreateUserAsync("pro");
        Assert.Equal("pro", await copy.ScalarAsync<string>("select tier from public.user_fly_apps where user_id = $1", user));
    }

    [Fact]
    public async Task A_database_that_is_away_at_the_start_is_waited_for()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        var database = await cluster.CreateDatabaseAsync();
        var (exit, migrate) = await World.RunAsync([("DATABASE_URL", database.OwnerConnectionString)], "migrate");
        Assert.True(exit == 0, migrate.Text);
        World.SecretValues.Add(new Npgsql.NpgsqlConnectionStringBuilder(database.OwnerConnectionString).Password!);
        cluster.Stop();

        var daemon = World.Start(("DATABASE_URL", Harness.World.Pooled(database.OwnerConnectionString)));
        await World.EventuallyAsync(async () => await Harness.World.StatusAsync(daemon, "readyz") == 503, "it says that it is not ready");
        Assert.Equal(200, await Harness.World.StatusAsync(daemon, "healthz"));
        await World.EventuallyAsync(() => Task.FromResult(daemon.Text.Contains("database", StringComparison.OrdinalIgnoreCase)), "it says why");

        cluster.Start();
        await World.EventuallyAsync(async () => await Harness.World.StatusAsync(daemon, "readyz") == 200, "it is ready");
        Assert.Equal(0, await daemon.TerminateAsync());
    }

    [Fact]
    public async Task A_database_that_goes_away_and_comes_back_is_survived()
    {
        await using var cluster = await PostgresCluster.StartNewAsync();
        var database = await cluster.CreateDatabaseAsync();
        Assert.Equal(0, (await World.RunAsync([("DATABASE_URL", database.OwnerConnectionString)], "migrate")).Exit);
        World.SecretValues.Add(new Npgsql.NpgsqlConnectionStringBuilder(database.OwnerConnectionString).Password!);
        var daemon = await World.StartReadyAsync(("DATABASE_URL", Harness.World.Pooled(database.OwnerConnectionString)));
        var before = await database.Data.CreateUserAsync("pro");
        await ActiveAsync(database, before);

        cluster.Restart(ShutdownMode.Immediate);
        await World.EventuallyAsync(() => AnswersAsync(database), "the test's own connections are fresh again");
        var after = await database.Data.CreateUserAsync("pro");

        await ActiveAsync(database, after);
        Assert.False(daemon.HasExited);
        Assert.Equal(0, await daemon.TerminateAsync());
    }

    [Fact]
    public async Task Doctor_and_the_daemon_say_what_is_missing_when_the_migrations_have_not_run()
    {
        var bare = await World.Database.Cluster.CreateDatabaseAsync();
        var (exit, doctor) = await World.RunAsync([("DATABASE_URL", bare.OwnerConnectionString)], "doctor", "--json");
        Assert.True(exit == 1, doctor.Text);
        Assert.Contains(
            JsonNode.Parse(doctor.Output)!.AsArray(),
            f => (string)f!["level"]! == "Failed" && ((string?)f["fix"])?.Contains("reconciler migrate", StringComparison.Ordinal) is true);

        var daemon = World.Start(("DATABASE_URL", Harness.World.Pooled(bare.OwnerConnectionString)));
        await World.EventuallyAsync(async () => await Harness.World.StatusAsync(daemon, "readyz") == 503, "it is not ready");
        Assert.Equal(0, (await World.RunAsync([("DATABASE_URL", bare.OwnerConnectionString)], "migrate")).Exit);
        await World.EventuallyAsync(async () => await Harness.World.StatusAsync(daemon, "readyz") == 200, "it is ready once they have");
    }

    private static async Task<bool> AnswersAsync(TestDatabase database)
    {
        try
        {
            return await database.ScalarAsync<int>("select 1") == 1;
        }
        catch (Npgsql.NpgsqlException)
        {
            return false; // the restart broke the pool's idle connections, and the first to notice empties it
        }
    }

    private Task ActiveAsync(TestDatabase database, Guid user) => World.EventuallyAsync(
        async () => await database.ScalarAsync<string>("select status from public.user_fly_apps where user_id = $1", user) == "active",
        "the user is active");
}
