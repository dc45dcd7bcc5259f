using Npgsql;

namespace Store.Tests;

/// <summary>Whatever is broken on our side, a subscription change goes through. Each case breaks a database of its own.</summary>
public sealed class TriggerFailureTests
{
    [Theory]
    [InlineData("alter table fly_reconciler.row_defaults rename to broken")]
    [InlineData("delete from fly_reconciler.row_defaults")]
    [InlineData("drop function fly_reconciler.apply_tier(uuid, text)")]
    [InlineData("drop schema fly_reconciler cascade", false)]
    [InlineData("alter table fly_reconciler.events rename to broken; alter table fly_reconciler.row_defaults rename to broken_too", false)]
    [InlineData("alter table public.user_fly_apps add constraint nobody check (tier = 'free')")]
    public async Task A_broken_controller_schema_never_blocks_the_subscription(string sabotage, bool recorded = true)
    {
        var database = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();
        await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, static _ => { }, default);
        var user = await database.Data.CreateUserAsync();
        await database.ExecuteAsync(sabotage);

        await database.Data.SetTierAsync(user, "pro");

        Assert.Equal("pro", await database.ScalarAsync<string>("select tier from public.user_subscriptions where user_id = $1", user));
        if (recorded)
        {
            Assert.Equal(1, await database.ScalarAsync<long>(
                "select count(*) from fly_reconciler.events where user_id = $1 and event_type = 'error_occurred'", user));
        }
    }

    [Fact]
    public async Task A_locked_row_delays_the_subscription_by_seconds_and_does_not_block_it()
    {
        var database = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();
        await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, static _ => { }, default);
        var user = await database.Data.CreateUserAsync("pro");
        await using var holder = await database.OpenAsync();
        await using var transaction = await holder.BeginTransactionAsync();
        await using (var command = new NpgsqlCommand("select 1 from public.user_fly_apps for update", holder))
            await command.ExecuteNonQueryAsync();

        await database.Data.SetTierAsync(user, "elite");

        Assert.Equal("elite", await database.ScalarAsync<string>("select tier from public.user_subscriptions where user_id = $1", user));
        await transaction.RollbackAsync();
    }

    [Fact]
    public async Task A_missing_vault_secret_of_the_old_function_blocks_nothing_any_more()
    {
        var database = await (await PostgresCluster.SharedAsync()).CreateDatabaseAsync();
        var user = await database.Data.CreateUserAsync();
        const string Upgrade = "set local vyx.vault_secret = 'missing'; update public.user_subscriptions set tier = 'pro'";
        var before = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(Upgrade));
        await SchemaMigrator.MigrateAsync(database.OwnerConnectionString, static _ => { }, default);

        await database.ExecuteAsync(Upgrade);

        Assert.Contains("vault", before.MessageText, StringComparison.Ordinal);
        Assert.Equal(1, await database.ScalarAsync<long>("select count(*) from public.user_fly_apps where user_id = $1", user));
    }
}
