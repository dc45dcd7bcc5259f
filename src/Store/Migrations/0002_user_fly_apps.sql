-- Desired state (tier, spec, the pause) and what the controller keeps beside its status. Constant defaults: no rewrite of the table.
alter table public.user_fly_apps
  add column if not exists tier text not null default 'free',
  add column if not exists machine_id text,
  add column if not exists generation bigint not null default 1,
  add column if not exists observed_generation bigint not null default 0,
  add column if not exists conditions jsonb not null default '[]',
  add column if not exists controller_state jsonb not null default '{}',
  add column if not exists fingerprint bigint not null default 0,
  add column if not exists spec jsonb,
  add column if not exists paused boolean not null default false,
  add column if not exists pause_owner text,
  add column if not exists pause_reason text,
  add column if not exists paused_until timestamptz,
  add column if not exists next_attempt_at timestamptz,
  add column if not exists last_error_class text;

create index if not exists user_fly_apps_unobserved on public.user_fly_apps (user_id) where generation <> observed_generation;
create index if not exists user_fly_apps_next_attempt on public.user_fly_apps (next_attempt_at) where next_attempt_at is not null;
