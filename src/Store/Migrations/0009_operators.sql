-- What the host's admin page may ask for. These only record the wish and notify; the controller does the rest.
-- Each returns whether the user has a row. They run as the owner, so that the caller needs no write on the table.
create or replace function fly_reconciler.force(p_user_id uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update public.user_fly_apps set generation = generation + 1 where user_id = p_user_id;
  return found;
end;
$$;

create or replace function fly_reconciler.pause(p_user_id uuid, p_owner text, p_reason text, p_until timestamptz default null)
returns boolean language plpgsql security definer set search_path = '' as $$
begin
  update public.user_fly_apps
     set paused = true, pause_owner = p_owner, pause_reason = p_reason, paused_until = p_until, updated_at = now()
   where user_id = p_user_id;
  return found;
end;
$$;

create or replace function fly_reconciler.unpause(p_user_id uuid) returns boolean
language plpgsql security definer set search_path = '' as $$
begin
  update public.user_fly_apps
     set paused = false, pause_owner = null, pause_reason = null, paused_until = null, updated_at = now()
   where user_id = p_user_id;
  return found;
end;
$$;

revoke all on all functions in schema fly_reconciler from public;
revoke all on all procedures in schema fly_reconciler from public;

do $$
begin
  if exists (select from pg_roles where rolname = 'service_role') then
    grant usage on schema fly_reconciler to service_role;
    grant execute on function fly_reconciler.force(uuid) to service_role;
    grant execute on function fly_reconciler.pause(uuid, text, text, timestamptz) to service_role;
    grant execute on function fly_reconciler.unpause(uuid) to service_role;
  end if;
end;
$$;
