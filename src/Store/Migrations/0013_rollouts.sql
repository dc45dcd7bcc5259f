-- Rollouts. A revision is an image, a template and a digest of the secrets; its id is a hash over its content, so that going back to
-- an earlier content is going back to the earlier revision and to what is known of it. The controller reads the content; a verdict,
-- once given, says why. Nothing here holds a secret's value.
create table if not exists fly_reconciler.revisions (
  id text primary key,
  content jsonb not null,
  verdict text not null default 'unknown' check (verdict in ('unknown', 'good', 'bad')),
  evidence text,
  started_by text not null,
  created_at timestamptz not null default now()
);

-- Where the fleet stands; one row. The version is counted up by each write, which names the one that it has read.
create table if not exists fly_reconciler.rollout (
  only_row boolean primary key default true check (only_row),
  version bigint not null,
  stable text not null references fly_reconciler.revisions (id),
  candidate text references fly_reconciler.revisions (id),
  state jsonb not null,
  updated_at timestamptz not null default now()
);

-- Users who are on, or on their way to, something else than what the fleet has without a word. No row = the stable revision.
create table if not exists fly_reconciler.rollout_users (
  user_id uuid primary key,
  revision text not null references fly_reconciler.revisions (id),
  wave integer not null,
  admitted_at timestamptz not null,
  deadline_from timestamptz not null,
  was_down boolean not null,
  proving_since timestamptz,
  verdict text not null check (verdict in ('pending', 'good', 'failed', 'skipped')),
  why text not null
);

-- What happened, and who or what made it happen.
create table if not exists fly_reconciler.rollout_history (
  id bigint generated always as identity primary key,
  at timestamptz not null default clock_timestamp(),
  action text not null,
  revision text not null,
  owner text not null,
  message text not null
);

-- What an operator asks for; the leader answers each once.
create table if not exists fly_reconciler.rollout_orders (
  id bigint generated always as identity primary key,
  kind text not null check (kind in ('pause', 'resume', 'promote', 'abort', 'retry')),
  owner text not null,
  reason text not null,
  until timestamptz,
  asked_at timestamptz not null default clock_timestamp(),
  answer text,
  answered_at timestamptz
);
create index if not exists rollout_orders_open on fly_reconciler.rollout_orders (id) where answer is null;

-- For people: which revision each user's machine runs, and which it is to run.
create or replace view fly_reconciler.user_revisions as
select a.user_id, a.fly_app_name, a.controller_state ->> 'revision' as runs,
       coalesce(u.revision, (select r.stable from fly_reconciler.rollout r)) as wished, u.wave, u.verdict, u.why
  from fly_reconciler.apps a
  left join fly_reconciler.rollout_users u on u.user_id = a.user_id;

revoke all on fly_reconciler.revisions, fly_reconciler.rollout, fly_reconciler.rollout_users, fly_reconciler.rollout_history,
  fly_reconciler.rollout_orders, fly_reconciler.user_revisions from public;

do $$
begin
  if not exists (select from pg_roles where rolname = 'fly_reconciler_daemon') then
    return;
  end if;
  grant select, insert, update on fly_reconciler.revisions, fly_reconciler.rollout, fly_reconciler.rollout_orders to fly_reconciler_daemon;
  grant select, insert, update, delete on fly_reconciler.rollout_users to fly_reconciler_daemon;
  grant select, insert on fly_reconciler.rollout_history to fly_reconciler_daemon;
  grant select on fly_reconciler.user_revisions to fly_reconciler_daemon;
end;
$$;
