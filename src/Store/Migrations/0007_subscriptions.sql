-- Makes a user's row say the tier: entitled users get a row, or the soft-deleted one back; others only lose the tier, and the
-- controller takes the app down. Returns whether anything changed.
create or replace function fly_reconciler.apply_tier(p_user_id uuid, p_tier text) returns boolean
language plpgsql set search_path = '' as $$
declare
  v_name text;
begin
  if p_tier = 'free' then
    update fly_reconciler.apps set tier = 'free', updated_at = now() where user_id = p_user_id and tier <> 'free';
    return found;
  end if;

  update fly_reconciler.apps a
     set tier = p_tier, generation = a.generation + 1, updated_at = now()
   where a.user_id = p_user_id and a.tier <> p_tier and a.deleted_at is null and a.status <> 'deleted';
  if found then
    return true;
  end if;

  update fly_reconciler.apps a
     set tier = p_tier, generation = a.generation + 1, deleted_at = null, status = 'provisioning', health_status = 'unknown',
         error_message = null, retry_count = 0, next_attempt_at = null, last_error_class = null, fingerprint = 0, updated_at = now()
   where a.user_id = p_user_id and (a.deleted_at is not null or a.status = 'deleted');
  if found then
    return true;
  end if;

  if exists (select from fly_reconciler.apps where user_id = p_user_id) then
    return false;
  end if;

  for v_candidate in 0 .. 15 loop
    v_name := fly_reconciler.app_name(p_user_id, v_candidate);
    -- A name that still belongs to somebody whose row vanished is as taken as one in a row.
    continue when exists (
      select from fly_reconciler.ownership o
       where o.app_name = v_name and o.user_id <> p_user_id and o.released_at is null);
    insert into fly_reconciler.apps
           (user_id, fly_app_name, tier, status, health_status, fly_org_slug, region, docker_image, cpu_count, memory_mb)
    select p_user_id, v_name, p_tier, 'provisioning', 'unknown', d.org_slug, d.region, d.docker_image, d.cpu_count, d.memory_mb
      from fly_reconciler.row_defaults d
    on conflict do nothing;
    if found then
      return true;
    end if;
    if exists (select from fly_reconciler.apps where user_id = p_user_id) then
      return fly_reconciler.apply_tier(p_user_id, p_tier); -- somebody made the row meanwhile
    end if;
  end loop;
  raise exception 'no app name is free for user %, or fly_reconciler.row_defaults is empty', p_user_id;
end;
$$;

-- Follows the subscription in its own transaction. It runs as the tables' owner, because the payer's role may not write here, and
-- it may fail in any way except one: the subscription change itself always goes through. The periodic sync repairs what was missed.
create or replace function fly_reconciler.follow_subscription() returns trigger
language plpgsql security definer set search_path = '' set lock_timeout = '3s' as $$
declare
  v_user_id uuid;
begin
  begin
    if tg_op <> 'INSERT' then
      v_user_id := old.user_id;
      if v_user_id is not null and (tg_op = 'DELETE' or new.user_id is distinct from v_user_id) then
        perform fly_reconciler.apply_tier(v_user_id, 'free');
      end if;
    end if;
    if tg_op <> 'DELETE' then
      v_user_id := new.user_id;
      if v_user_id is not null then
        perform fly_reconciler.apply_tier(v_user_id, fly_reconciler.effective_tier(new.tier, new.status, new.expires_at));
      end if;
    end if;
  exception when others then
    raise warning 'fly_reconciler could not follow the subscription of user %: %', v_user_id, sqlerrm;
    begin
      insert into fly_reconciler.events (user_id, event_type, status, metadata, error_details)
      values (v_user_id, 'error_occurred', 'error', jsonb_build_object('reason', 'SubscriptionNotFollowed', 'sqlstate', sqlstate), sqlerrm);
    exception when others then
      raise warning 'fly_reconciler could not record that either: %', sqlerrm;
    end;
  end;
  return null;
end;
$$;

create or replace trigger fly_reconciler_tier
  after insert or delete or update of tier, status, expires_at, user_id on public.user_subscriptions
  for each row execute function fly_reconciler.follow_subscription();

-- The level behind the edge: repairs what the trigger missed, expiry included, one user at a time so that one cannot hold up
-- the others. Returns the users touched, and those that could not be with the problem; at most 1000 of them.
create or replace function fly_reconciler.sync_tiers() returns table (user_id uuid, problem text)
language plpgsql set search_path = '' as $$
declare
  v_user record;
begin
  -- Row-level security answers with no rows instead of an error; believing it would take every user's app away.
  if not exists (select from fly_reconciler.subscriptions)
     and exists (select from fly_reconciler.apps a where a.tier <> 'free') then
    raise exception 'user_subscriptions reads as empty although users have a paid tier: row-level security hides it from this role'
      using errcode = 'insufficient_privilege';
  end if;

  for v_user in
    select coalesce(s.user_id, a.user_id) as id, e.tier
      from fly_reconciler.subscriptions s
      full join fly_reconciler.apps a on a.user_id = s.user_id
     cross join lateral (
       select coalesce(fly_reconciler.effective_tier(s.tier, s.status, s.expires_at), 'free') as tier) e
     where coalesce(s.user_id, a.user_id) is not null
       and case when e.tier = 'free' then a.tier <> 'free'
                else a.id is null or a.tier <> e.tier or a.deleted_at is not null or a.status = 'deleted' end
     order by 1
     limit 1000 -- a transaction of bounded length; the caller comes again
  loop
    begin
      if fly_reconciler.apply_tier(v_user.id, v_user.tier) then
        user_id := v_user.id;
        problem := null;
        return next;
      end if;
    exception when others then
      user_id := v_user.id;
      problem := sqlerrm;
      return next;
    end;
  end loop;
end;
$$;
