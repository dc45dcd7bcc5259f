-- The old trigger stays where it is, switched off; going back is one call of restore_old_trigger().
create or replace function fly_reconciler.replace_old_trigger() returns void
language plpgsql set search_path = '' as $$
begin
  alter table public.user_subscriptions enable trigger fly_reconciler_tier;
  if exists (select from pg_trigger where tgrelid = 'public.user_subscriptions'::regclass and tgname = 'on_user_tier_change') then
    alter table public.user_subscriptions disable trigger on_user_tier_change;
  else
    raise notice 'there is no trigger on_user_tier_change to replace';
  end if;
end;
$$;

create or replace function fly_reconciler.restore_old_trigger() returns void
language plpgsql set search_path = '' as $$
begin
  if exists (select from pg_trigger where tgrelid = 'public.user_subscriptions'::regclass and tgname = 'on_user_tier_change') then
    alter table public.user_subscriptions enable trigger on_user_tier_change;
  else
    raise notice 'there is no trigger on_user_tier_change to restore';
  end if;
  alter table public.user_subscriptions disable trigger fly_reconciler_tier;
end;
$$;

revoke all on function fly_reconciler.replace_old_trigger(), fly_reconciler.restore_old_trigger() from public;

-- A migration that is only to be looked at beside the old functions leaves their trigger on (reconciler migrate --keep-old-trigger).
do $$
begin
  if coalesce(current_setting('fly_reconciler.keep_old_trigger', true), '') = 'on' then
    perform fly_reconciler.restore_old_trigger();
  else
    perform fly_reconciler.replace_old_trigger();
  end if;
end;
$$;
