-- The controller's windows on the host's tables. They read and write with the rights of their owner, who owns the tables, for two
-- reasons: the controller's role then needs no right on the tables themselves (of a subscription it sees four columns), and the
-- host's policies do not apply to it. A policy of our own would be evaluated beside the host's, one of which reads user_profiles
-- and can end in infinite recursion.
create or replace view fly_reconciler.subscriptions as
select s.user_id, s.tier, s.status, s.expires_at
  from public.user_subscriptions s;

create or replace view fly_reconciler.apps as
select a.id, a.user_id, a.fly_app_name, a.fly_org_slug, a.status, a.region, a.docker_image, a.deployed_at, a.last_health_check,
       a.health_status, a.error_message, a.retry_count, a.monthly_cost_estimate_usd, a.cpu_count, a.memory_mb, a.created_at,
       a.updated_at, a.deleted_at, a.tier, a.machine_id, a.generation, a.observed_generation, a.conditions, a.controller_state,
       a.fingerprint, a.spec, a.paused, a.pause_owner, a.pause_reason, a.paused_until, a.next_attempt_at, a.last_error_class
  from public.user_fly_apps a;

create or replace view fly_reconciler.app_events as
select e.id, e.fly_app_id, e.user_id, e.event_type, e.status, e.metadata, e.error_details, e.created_at
  from public.user_fly_app_events e;
