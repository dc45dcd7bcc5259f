-- First statement of every write: proves that the caller still leads and keeps it so until the transaction ends, because a
-- takeover is an UPDATE of this row and waits for our share lock. Reading the row without the lock lets stale writes through.
create or replace procedure fly_reconciler.fence(p_name text, p_holder text, p_epoch bigint)
language plpgsql as $$
begin
  -- Poolers drop start-up options, so the limit that keeps a stuck write from starving the lease is set here.
  perform pg_catalog.set_config('lock_timeout', '3s', true);
  perform from fly_reconciler.lease l
    where l.name = p_name and l.holder = p_holder and l.epoch = p_epoch
      for share;
  if not found then
    raise exception 'the lease is held by somebody else' using errcode = 'RC001';
  end if;
end;
$$;

-- One destruction out of the last hour's budget. The row of the fleet table is the queue at the till.
create or replace function fly_reconciler.draw_destroy(
  p_subject text, p_limit integer, out granted boolean, out used integer, out next_free_at timestamptz)
language plpgsql set search_path = '' as $$
declare
  v_since timestamptz;
begin
  insert into fly_reconciler.fleet as f (key, value) values ('destroy-budget', '{}')
  on conflict (key) do update set updated_at = clock_timestamp();

  v_since := clock_timestamp() - interval '1 hour';
  delete from fly_reconciler.destroys where at <= v_since;
  select count(*), coalesce(bool_or(subject = p_subject), false) into used, granted from fly_reconciler.destroys;
  if not granted and used < p_limit then
    insert into fly_reconciler.destroys (subject, at) values (p_subject, clock_timestamp());
    granted := true;
    used := used + 1;
  end if;
  if not granted then
    select min(at) + interval '1 hour' into next_free_at from fly_reconciler.destroys;
  end if;
end;
$$;
