-- Tables of our own. The schema is not one that the HTTP API exposes, and nobody gets into it without a grant.
-- None of them references auth.users: what we know about an app must outlive its user.
create schema if not exists fly_reconciler;
revoke all on schema fly_reconciler from public;

-- The leader's lease; times are on this database's clock.
create table if not exists fly_reconciler.lease (
  name text primary key,
  holder text not null,
  epoch bigint not null,
  expires_at timestamptz not null,
  renewed_at timestamptz not null
);

-- Apps that are ours. The status columns serve apps whose row in user_fly_apps vanished with the user.
create table if not exists fly_reconciler.ownership (
  app_name text primary key,
  user_id uuid not null,
  origin text not null check (origin in ('created', 'inherited', 'adopted')),
  org_slug text not null,
  machine_id text,
  acquired_at timestamptz not null default now(),
  released_at timestamptz,
  status text not null default 'deprovisioning',
  health_status text,
  error_message text,
  retry_count integer not null default 0,
  conditions jsonb not null default '[]',
  controller_state jsonb not null default '{}',
  next_attempt_at timestamptz,
  last_error_class text
);
create index if not exists ownership_unreleased on fly_reconciler.ownership (user_id) where released_at is null;

-- Create calls whose outcome is not known yet.
create table if not exists fly_reconciler.intents (
  launch_id text primary key,
  kind text not null check (kind in ('app', 'machine')),
  app_name text not null,
  user_id uuid not null,
  machine_name text,
  created_at timestamptz not null
);
create index if not exists intents_user_id on fly_reconciler.intents (user_id);

-- Documents of the whole fleet.
create table if not exists fly_reconciler.fleet (
  key text primary key,
  value jsonb not null,
  updated_at timestamptz not null default now()
);

-- Draws on the destruction budget within the last hour.
create table if not exists fly_reconciler.destroys (
  subject text primary key,
  at timestamptz not null
);

-- The journal of apps that have no row in user_fly_apps to hang an event on.
create table if not exists fly_reconciler.events (
  id bigint generated always as identity primary key,
  user_id uuid,
  app_name text,
  event_type text not null,
  status text not null,
  metadata jsonb not null default '{}',
  error_details text,
  created_at timestamptz not null default clock_timestamp()
);
create index if not exists events_user_id on fly_reconciler.events (user_id, created_at);

-- What the subscription trigger writes into rows that it inserts; one row.
create table if not exists fly_reconciler.row_defaults (
  only_row boolean primary key default true check (only_row),
  app_name_prefix text not null,
  org_slug text not null,
  region text not null,
  docker_image text not null,
  cpu_count integer not null,
  memory_mb integer not null
);
