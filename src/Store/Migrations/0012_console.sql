-- What operators did through the console: who, what, to whom and why. Appended to, never changed by the controller.
create table if not exists fly_reconciler.operator_actions (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  action text not null,
  user_id uuid,
  owner text not null,
  reason text not null,
  detail text not null default ''
);
create index if not exists operator_actions_user_id on fly_reconciler.operator_actions (user_id, at);

do $$
begin
  if exists (select from pg_roles where rolname = 'fly_reconciler_daemon') then
    grant select, insert on fly_reconciler.operator_actions to fly_reconciler_daemon;
    grant execute on function fly_reconciler.pause(uuid, text, text, timestamptz), fly_reconciler.unpause(uuid)
      to fly_reconciler_daemon;
  end if;
end;
$$;
