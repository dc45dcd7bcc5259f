-- The controller's role: what it needs and no more. It cannot log in; grant it to the login that DATABASE_URL names.
-- It has no right on the host's tables, only on the windows to them, and deletes nothing there.
do $$
begin
  if not exists (select from pg_roles where rolname = 'fly_reconciler_daemon') then
    create role fly_reconciler_daemon nologin;
  end if;
exception
  when insufficient_privilege then
    raise notice 'role fly_reconciler_daemon is missing and this role may not create it: '
      'let an administrator run "create role fly_reconciler_daemon nologin" and then this script again';
  when duplicate_object or unique_violation then
    null; -- another database of this server has just made it
end;
$$;

do $$
begin
  if not exists (select from pg_roles where rolname = 'fly_reconciler_daemon') then
    return;
  end if;

  grant usage on schema fly_reconciler to fly_reconciler_daemon;

  grant select on fly_reconciler.subscriptions, fly_reconciler.apps, fly_reconciler.app_events to fly_reconciler_daemon;
  grant insert on fly_reconciler.apps, fly_reconciler.app_events to fly_reconciler_daemon;
  grant update (
    fly_app_name, fly_org_slug, status, region, docker_image, deployed_at, last_health_check, health_status, error_message,
    retry_count, monthly_cost_estimate_usd, cpu_count, memory_mb, updated_at, deleted_at, tier, machine_id, generation,
    observed_generation, conditions, controller_state, fingerprint, next_attempt_at, last_error_class)
    on fly_reconciler.apps to fly_reconciler_daemon;

  grant select, insert, update on fly_reconciler.lease, fly_reconciler.ownership, fly_reconciler.fleet, fly_reconciler.row_defaults
    to fly_reconciler_daemon;
  grant select, insert, delete on fly_reconciler.intents, fly_reconciler.destroys to fly_reconciler_daemon;
  grant select, insert on fly_reconciler.events to fly_reconciler_daemon;
  if to_regclass('fly_reconciler.schema_versions') is not null then
    grant select on fly_reconciler.schema_versions to fly_reconciler_daemon;
  end if;

  grant execute on function
    fly_reconciler.effective_tier(text, text, timestamptz), fly_reconciler.hash8(text), fly_reconciler.app_name(uuid, integer),
    fly_reconciler.apply_tier(uuid, text), fly_reconciler.sync_tiers(), fly_reconciler.draw_destroy(text, integer)
    to fly_reconciler_daemon;
  grant execute on procedure fly_reconciler.fence(text, text, bigint) to fly_reconciler_daemon;
end;
$$;
