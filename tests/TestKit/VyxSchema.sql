-- The host application's tables as production has them, for tests. Run by the role that owns the host's tables
-- (not a superuser, as on the hosted platform); the schema auth and the platform's roles are made before, by the cluster.

create table public.user_profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  email text not null,
  display_name text,
  is_admin boolean not null default false,
  created_at timestamptz not null default now()
);

create table public.user_subscriptions (
  id uuid primary key default gen_random_uuid(),
  user_id uuid unique references auth.users (id) on delete cascade,
  tier text default 'free' check (tier in ('free', 'pro', 'elite')),
  status text default 'active' check (status in ('active', 'cancelled', 'past_due')),
  custom_signals_count integer default 0,
  started_at timestamptz default now(),
  expires_at timestamptz,
  stripe_customer_id text,
  stripe_subscription_id text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table public.user_fly_apps (
  id uuid primary key default gen_random_uuid(),
  user_id uuid not null references auth.users (id) on delete cascade,
  fly_app_name text not null unique,
  fly_org_slug text not null,
  status text not null check (status in ('provisioning', 'active', 'error', 'deprovisioning', 'deleted')),
  region text not null,
  docker_image text not null,
  deployed_at timestamptz,
  last_health_check timestamptz,
  health_status text check (health_status in ('healthy', 'unhealthy', 'unknown')),
  error_message text,
  retry_count integer default 0,
  monthly_cost_estimate_usd numeric(10, 2),
  cpu_count integer not null default 2,
  memory_mb integer not null default 512,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  constraint one_app_per_user unique (user_id)
);
create index idx_user_fly_apps_user_id on public.user_fly_apps (user_id);
create index idx_user_fly_apps_status on public.user_fly_apps (status);
create index idx_user_fly_apps_fly_app_name on public.user_fly_apps (fly_app_name);

create table public.user_fly_app_events (
  id uuid primary key default gen_random_uuid(),
  fly_app_id uuid not null references public.user_fly_apps (id) on delete cascade,
  user_id uuid not null references auth.users (id) on delete cascade,
  event_type text not null check (event_type in (
    'provision_requested', 'provision_started', 'provision_completed', 'provision_failed',
    'health_check_passed', 'health_check_failed',
    'deprovision_requested', 'deprovision_started', 'deprovision_completed', 'deprovision_failed',
    'error_occurred', 'recovery_attempted')),
  status text not null,
  metadata jsonb default '{}',
  error_details text,
  created_at timestamptz not null default now()
);
create index idx_user_fly_app_events_app on public.user_fly_app_events (fly_app_id, created_at desc);

create table public.signals (
  id uuid primary key default gen_random_uuid(),
  fly_app_id uuid references public.user_fly_apps (id) on delete set null,
  created_at timestamptz not null default now()
);

create view public.user_fly_apps_with_profiles with (security_invoker = true) as
select a.id, a.user_id, a.fly_app_name, a.fly_org_slug, a.status, a.region, a.docker_image, a.deployed_at,
       a.last_health_check, a.health_status, a.error_message, a.retry_count, a.monthly_cost_estimate_usd,
       a.cpu_count, a.memory_mb, a.created_at, a.updated_at, a.deleted_at, p.email, p.display_name
  from public.user_fly_apps a
  left join public.user_profiles p on p.id = a.user_id
 where a.deleted_at is null;

-- The old trigger posted to an HTTP function; the stand-in leaves a line instead. Like the real one it lets the
-- update fail when the vault's secret is missing.
create table public.http_calls (
  id bigserial primary key,
  user_id uuid,
  old_tier text,
  new_tier text
);

create function public.handle_user_tier_change() returns trigger
language plpgsql security definer set search_path = '' as $$
begin
  if current_setting('vyx.vault_secret', true) = 'missing' then
    raise exception 'vault secret is missing';
  end if;
  if (old.tier = 'free') <> (new.tier = 'free') then
    insert into public.http_calls (user_id, old_tier, new_tier) values (new.user_id, old.tier, new.tier);
  end if;
  return new;
end;
$$;

create trigger on_user_tier_change
  after update of tier on public.user_subscriptions
  for each row execute function public.handle_user_tier_change();

alter table public.user_profiles enable row level security;
alter table public.user_subscriptions enable row level security;
alter table public.user_fly_apps enable row level security;
alter table public.user_fly_app_events enable row level security;
alter table public.signals enable row level security;

create policy "own profile" on public.user_profiles for select using (id = auth.uid());
-- This policy reads the table that it guards: any read by a plain user ends in infinite recursion, as in production's text.
create policy "admins see profiles" on public.user_profiles for select
  using (exists (select 1 from public.user_profiles p where p.id = auth.uid() and p.is_admin));

create policy "nobody" on public.user_subscriptions for all using (false);

create policy "own app" on public.user_fly_apps for select using (user_id = auth.uid());
create policy "admins see apps" on public.user_fly_apps for select
  using (exists (select 1 from public.user_profiles p where p.id = auth.uid() and p.is_admin));
create policy "service manages apps" on public.user_fly_apps for all to service_role using (true) with check (true);

create policy "own events" on public.user_fly_app_events for select using (user_id = auth.uid());
create policy "service writes events" on public.user_fly_app_events for insert to service_role with check (true);

create policy "own signals" on public.signals for select using (
  exists (select 1 from public.user_fly_apps a where a.id = fly_app_id and a.user_id = auth.uid()));

grant usage on schema public to anon, authenticated, service_role;
grant all on all tables in schema public to anon, authenticated, service_role;
grant all on all sequences in schema public to anon, authenticated, service_role;
