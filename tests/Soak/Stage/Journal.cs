namespace Soak.Stage;

/// <summary>
/// The test's own record of every status and every event, with the transaction that wrote it: triggers that the product does
/// not know of.
/// </summary>
internal static class Journal
{
    public static async Task InstallAsync(TestDatabase database)
    {
        await using var connection = await database.OpenAsync(database.SuperuserConnectionString);
        await using var command = connection.CreateCommand();
        command.CommandText = """
            create schema soak;
            create table soak.statuses (
              seq bigint generated always as identity primary key, xid xid8 not null default pg_current_xact_id(),
              user_id uuid not null, before text, after text not null);
            create table soak.events (
              seq bigint generated always as identity primary key, xid xid8 not null default pg_current_xact_id(),
              user_id uuid not null, type text not null);

            create function soak.log_status() returns trigger language plpgsql security definer as $$
            begin
              insert into soak.statuses (user_id, before, after)
              values (new.user_id, case when tg_op = 'UPDATE' then old.status end, new.status);
              return null;
            end $$;
            create function soak.log_event() returns trigger language plpgsql security definer as $$
            begin
              insert into soak.events (user_id, type) values (new.user_id, new.event_type);
              return null;
            end $$;

            create trigger soak_inserted after insert on public.user_fly_apps for each row execute function soak.log_status();
            create trigger soak_changed after update on public.user_fly_apps for each row
              when (old.status is distinct from new.status) execute function soak.log_status();
            create trigger soak_event after insert on public.user_fly_app_events for each row execute function soak.log_event();
            create trigger soak_event after insert on fly_reconciler.events for each row
              when (new.user_id is not null) execute function soak.log_event();
            grant usage on schema soak to vyx_owner;
            grant select on all tables in schema soak to vyx_owner;
            """;
        await command.ExecuteNonQueryAsync();
    }
}
