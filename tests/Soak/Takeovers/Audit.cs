using Npgsql;

namespace Soak.Takeovers;

/// <summary>
/// The database's own record of who wrote what under which lease. The writer is known by the connection's application name, the
/// order by the commit times that the server keeps, so that nothing depends on when the test looked.
/// </summary>
internal sealed class Audit(TestDatabase database)
{
    /// <summary>The server keeps commit times only when it was started so.</summary>
    public static async Task PrepareAsync(TestDatabase database)
    {
        await using (var connection = await database.OpenAsync(database.SuperuserConnectionString))
        await using (var command = new NpgsqlCommand("alter system set track_commit_timestamp = on", connection))
        {
            await command.ExecuteNonQueryAsync();
        }

        database.Cluster.Restart();
    }

    public static async Task InstallAsync(TestDatabase database)
    {
        await using var connection = await database.OpenAsync(database.SuperuserConnectionString);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            create schema soak;
            create table soak.writes (xid xid8 not null, writer text not null, what text not null);
            create table soak.leases (xid xid8 not null, holder text not null, epoch bigint not null);
            create index on soak.leases (xid);

            create function soak.log_write() returns trigger language plpgsql security definer as $$
            begin
              insert into soak.writes values (pg_current_xact_id(), current_setting('application_name'), tg_op || ' ' || tg_table_name);
              return null;
            end $$;
            create function soak.log_lease() returns trigger language plpgsql security definer as $$
            begin
              insert into soak.leases values (pg_current_xact_id(), new.holder, new.epoch);
              return null;
            end $$;

            create trigger soak_lease after insert on fly_reconciler.lease for each row execute function soak.log_lease();
            create trigger soak_lease_taken after update on fly_reconciler.lease for each row
              when ((old.holder, old.epoch) is distinct from (new.holder, new.epoch)) execute function soak.log_lease();
            do $$
            declare v_table text;
            begin
              foreach v_table in array array['public.user_fly_apps', 'public.user_fly_app_events', 'fly_reconciler.ownership', 'fly_reconciler.intents',
                                             'fly_reconciler.fleet', 'fly_reconciler.destroys', 'fly_reconciler.events', 'fly_reconciler.row_defaults',
                                             'fly_reconciler.rollout', 'fly_reconciler.rollout_users', 'fly_reconciler.revisions'] loop
                execute format('create trigger soak_write after insert or update or delete on %s for each row '
                               'when (current_setting(''application_name'') like ''leader-%%'') execute function soak.log_write()', v_table);
              end loop;
            end $$;
            grant usage on schema soak to vyx_owner;
            grant select on all tables in schema soak to vyx_owner;
            """;
        await command.ExecuteNonQueryAsync();
    }

    public Task<long> WritesAsync() => database.ScalarAsync<long>("select count(distinct xid) from soak.writes");

    public Task<long> GrantsAsync() => database.ScalarAsync<long>("select count(*) from soak.leases");

    /// <summary>Writes at whose commit somebody else, or the same holder under a newer epoch than at the write's begin, had the lease.</summary>
    public Task<List<string>> StaleWritesAsync() => database.ListAsync<string>("""
        with terms as (
          select holder, epoch, pg_xact_commit_timestamp(xid::xid) as since,
                 lead(pg_xact_commit_timestamp(xid::xid)) over (order by epoch) as until
            from soak.leases),
        done as (
          select distinct xid, writer, what, pg_xact_commit_timestamp(xid::xid) as at from soak.writes)
        select d.what || ' by ' || d.writer || ' while ' || t.holder || ' led under epoch ' || t.epoch
          from done d join terms t on d.at > t.since and (t.until is null or d.at < t.until)
         where t.holder <> d.writer
         limit 20
        """);

    public Task<List<string>> BadGrantsAsync() => database.ListAsync<string>("""
        select 'epoch ' || epoch || ' after ' || before
          from (select epoch, lag(epoch) over (order by pg_xact_commit_timestamp(xid::xid), epoch) as before from soak.leases) l
         where before is not null and epoch <> before + 1
        union all
        select 'epoch ' || epoch || ' was granted ' || count(*) || ' times' from soak.leases group by epoch having count(*) > 1
        """);
}
