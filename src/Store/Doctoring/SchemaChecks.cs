using Npgsql;

namespace Store;

/// <summary>The schema, what the role may do with it, and the host's parts of it that matter to us.</summary>
internal static class SchemaChecks
{
    private const string Migrate = "run 'reconciler migrate' as the owner of the tables";

    public static async Task<StoreCheck> MigrationsAsync(NpgsqlDataSource dataSource, CancellationToken cancellationToken)
    {
        var pending = await SchemaMigrator.PendingAsync(dataSource, cancellationToken);
        return pending.Count == 0
            ? new StoreCheck("migrations", StoreCheckOutcome.Ok, "the schema is current")
            : new StoreCheck("migrations", StoreCheckOutcome.Failed, $"not applied: {string.Join(", ", pending)}", Migrate);
    }

    public static async Task<StoreCheck> PrivilegesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        // What migrations 0010 and 0013 grant; to_regclass answers null instead of an error for what is missing.
        const string Sql = """
            select n.privilege || ' on ' || n.name
              from (values
                ('apps', 'SELECT'), ('apps', 'INSERT'), ('app_events', 'INSERT'), ('subscriptions', 'SELECT'),
                ('lease', 'SELECT'), ('lease', 'INSERT'), ('lease', 'UPDATE'),
                ('ownership', 'SELECT'), ('ownership', 'INSERT'), ('ownership', 'UPDATE'),
                ('fleet', 'SELECT'), ('fleet', 'INSERT'), ('fleet', 'UPDATE'),
                ('row_defaults', 'SELECT'), ('row_defaults', 'INSERT'), ('row_defaults', 'UPDATE'),
                ('intents', 'SELECT'), ('intents', 'INSERT'), ('intents', 'DELETE'),
                ('destroys', 'SELECT'), ('destroys', 'INSERT'), ('destroys', 'DELETE'),
                ('revisions', 'SELECT'), ('revisions', 'INSERT'), ('revisions', 'UPDATE'),
                ('rollout', 'SELECT'), ('rollout', 'INSERT'), ('rollout', 'UPDATE'),
                ('rollout_users', 'SELECT'), ('rollout_users', 'INSERT'), ('rollout_users', 'UPDATE'), ('rollout_users', 'DELETE'),
                ('rollout_orders', 'SELECT'), ('rollout_orders', 'INSERT'), ('rollout_orders', 'UPDATE'),
                ('rollout_history', 'SELECT'), ('rollout_history', 'INSERT'),
                ('events', 'INSERT')) n (name, privilege)
              left join pg_catalog.pg_class c on c.relname = n.name
                   and c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'fly_reconciler')
             where c.oid is null or not pg_catalog.has_table_privilege(c.oid, n.privilege)
            union all
            select 'UPDATE (' || n.name || ') on apps'
              from unnest(array['fly_app_name', 'status', 'tier', 'machine_id', 'generation', 'observed_generation', 'deleted_at'])
                     n (name)
              left join pg_catalog.pg_class c on c.relname = 'apps'
                   and c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'fly_reconciler')
             where c.oid is null or not pg_catalog.has_column_privilege(c.oid, n.name, 'UPDATE')
            union all
            select 'EXECUTE on ' || n.name
              from unnest(array['effective_tier', 'app_name', 'apply_tier', 'sync_tiers', 'draw_destroy', 'fence']) n (name)
              left join pg_catalog.pg_proc p on p.proname = n.name
                   and p.pronamespace = (select oid from pg_catalog.pg_namespace where nspname = 'fly_reconciler')
             where p.oid is null or not pg_catalog.has_function_privilege(p.oid, 'EXECUTE')
            union all
            select 'USAGE on schema fly_reconciler'
             where not coalesce((select pg_catalog.has_schema_privilege(oid, 'USAGE')
                                   from pg_catalog.pg_namespace where nspname = 'fly_reconciler'), false)
            """;
        var missing = await Query.TextsAsync(connection, Sql, cancellationToken);
        return missing.Count == 0
            ? new StoreCheck("privileges", StoreCheckOutcome.Ok, "the role may do everything that the controller does")
            : new StoreCheck(
                "privileges", StoreCheckOutcome.Failed, $"missing: {string.Join("; ", missing)}",
                $"{Migrate}, then 'grant fly_reconciler_daemon to' the role in DATABASE_URL");
    }

    public static async Task<StoreCheck> SubscriptionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Sql = """
            select (select count(*) from fly_reconciler.subscriptions)::text || ' ' || (select count(*) from fly_reconciler.apps)::text
            """;
        var counts = (await Query.ScalarAsync<string>(connection, Sql, cancellationToken)).Split(' ');
        return (counts[0], counts[1]) switch
        {
            ("0", not "0") => new StoreCheck(
                "subscriptions", StoreCheckOutcome.Failed, $"no subscription is visible, although {counts[1]} users have an app row",
                "row-level security hides user_subscriptions from the owner of the view fly_reconciler.subscriptions: "
                + "let the owner of user_subscriptions run 'reconciler migrate'"),
            ("0", _) => new StoreCheck(
                "subscriptions", StoreCheckOutcome.Warning, "there are no subscriptions", "check that this is the right database"),
            _ => new StoreCheck("subscriptions", StoreCheckOutcome.Ok, $"{counts[0]} subscriptions are visible"),
        };
    }

    public static async Task<StoreCheck> TriggersAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Sql = """
            select tgname::text from pg_catalog.pg_trigger t
              join pg_catalog.pg_class c on c.oid = t.tgrelid
              join pg_catalog.pg_namespace n on n.oid = c.relnamespace
             where n.nspname = 'public' and c.relname = 'user_subscriptions' and t.tgenabled <> 'D'
               and tgname in ('fly_reconciler_tier', 'on_user_tier_change')
            """;
        var enabled = await Query.TextsAsync(connection, Sql, cancellationToken);
        var ours = enabled.Contains("fly_reconciler_tier");
        var old = enabled.Contains("on_user_tier_change");
        return (ours, old) switch
        {
            (true, false) => new StoreCheck("tier trigger", StoreCheckOutcome.Ok, "ours is on, the old one is off"),
            (true, true) => new StoreCheck(
                "tier trigger", StoreCheckOutcome.Warning,
                "the old trigger on_user_tier_change is on beside ours and still calls the old functions",
                "select fly_reconciler.replace_old_trigger() as the owner of the tables"),
            (false, _) => new StoreCheck(
                "tier trigger", StoreCheckOutcome.Warning, "our trigger is off: changes of tier wait for the next synchronisation",
                "select fly_reconciler.replace_old_trigger() as the owner of the tables"),
        };
    }

    /// <summary>Reads the admin page's view as a signed-in user would, where this role may become one.</summary>
    public static async Task<StoreCheck> ProfilePoliciesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        const string Name = "profile policies";
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        try
        {
            await using (var become = new NpgsqlCommand("set local role authenticated", connection, transaction))
                await become.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is
            PostgresErrorCodes.InsufficientPrivilege or PostgresErrorCodes.InvalidParameterValue or PostgresErrorCodes.UndefinedObject)
        {
            return new StoreCheck(Name, StoreCheckOutcome.Ok, "not examined: this role may not act as 'authenticated'");
        }
        try
        {
            await using var read = new NpgsqlCommand("select 1 from public.user_fly_apps_with_profiles limit 1", connection, transaction);
            await read.ExecuteNonQueryAsync(cancellationToken);
            return new StoreCheck(Name, StoreCheckOutcome.Ok, "signed-in users can read the view user_fly_apps_with_profiles");
        }
        catch (PostgresException error)
        {
            return new StoreCheck(
                Name, StoreCheckOutcome.Warning, $"signed-in users cannot read user_fly_apps_with_profiles: {error.MessageText}",
                "the host application's policies on user_profiles read user_profiles; move that test into a security definer function");
        }
        finally
        {
            await transaction.RollbackAsync(CancellationToken.None);
        }
    }
}
