-- generation counts changes of desired state. Whoever wants a fresh look without a change writes generation + 1; it never goes back.
create or replace function fly_reconciler.count_generation() returns trigger
language plpgsql set search_path = '' as $$
begin
  new.generation := greatest(new.generation, old.generation);
  if new.generation = old.generation
     and ((new.tier, new.spec, new.paused, new.pause_owner, new.pause_reason, new.paused_until)
            is distinct from (old.tier, old.spec, old.paused, old.pause_owner, old.pause_reason, old.paused_until)
          or (old.deleted_at is not null and new.deleted_at is null)) then
    new.generation := old.generation + 1;
  end if;
  return new;
end;
$$;

create or replace trigger fly_reconciler_generation
  before update on public.user_fly_apps
  for each row
  when ((new.tier, new.spec, new.paused, new.pause_owner, new.pause_reason, new.paused_until, new.generation)
          is distinct from (old.tier, old.spec, old.paused, old.pause_owner, old.pause_reason, old.paused_until, old.generation)
        or (old.deleted_at is not null and new.deleted_at is null))
  execute function fly_reconciler.count_generation();

-- Desired changes and only those: a status write that notified would wake the controller that wrote it.
create or replace function fly_reconciler.notify_change() returns trigger
language plpgsql set search_path = '' as $$
begin
  perform pg_notify('fly_reconciler', (case when tg_op = 'DELETE' then old.user_id else new.user_id end)::text);
  return null;
end;
$$;

create or replace trigger fly_reconciler_notify_update
  after update on public.user_fly_apps
  for each row
  when (new.generation is distinct from old.generation)
  execute function fly_reconciler.notify_change();

create or replace trigger fly_reconciler_notify
  after insert or delete on public.user_fly_apps
  for each row
  execute function fly_reconciler.notify_change();
