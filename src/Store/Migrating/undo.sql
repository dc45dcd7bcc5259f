-- Takes away all that the migrations added, and nothing else: afterwards the host's tables are as they were, the old trigger on.
do $$
begin
  if exists (select from fly_reconciler.lease where expires_at > clock_timestamp()) then
    raise exception 'a controller holds the lease: stop it first';
  end if;

  drop trigger if exists fly_reconciler_tier on public.user_subscriptions;
  if exists (select from pg_trigger where tgrelid = 'public.user_subscriptions'::regclass and tgname = 'on_user_tier_change') then
    alter table public.user_subscriptions enable trigger on_user_tier_change;
  end if;

  drop trigger if exists fly_reconciler_generation on public.user_fly_apps;
  drop trigger if exists fly_reconciler_notify_update on public.user_fly_apps;
  drop trigger if exists fly_reconciler_notify on public.user_fly_apps;
  drop schema fly_reconciler cascade;

  alter table public.user_fly_apps
    drop column if exists tier,
    drop column if exists machine_id,
    drop column if exists generation,
    drop column if exists observed_generation,
    drop column if exists conditions,
    drop column if exists controller_state,
    drop column if exists fingerprint,
    drop column if exists spec,
    drop column if exists paused,
    drop column if exists pause_owner,
    drop column if exists pause_reason,
    drop column if exists paused_until,
    drop column if exists next_attempt_at,
    drop column if exists last_error_class;
end;
$$;
