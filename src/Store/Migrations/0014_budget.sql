-- A destruction counts from its last draw: one that was drawn, refused by Fly and tried again much later would otherwise leave the
-- hour before it leaves the fleet, and make room for another beside it.
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
  -- The daemon's role may not update a draw.
  delete from fly_reconciler.destroys where subject = p_subject;
  granted := found;
  select count(*) into used from fly_reconciler.destroys;
  if granted or used < p_limit then
    insert into fly_reconciler.destroys (subject, at) values (p_subject, clock_timestamp());
    granted := true;
    used := used + 1;
  else
    select min(at) + interval '1 hour' into next_free_at from fly_reconciler.destroys;
  end if;
end;
$$;
