-- Defaults for new rows follow the newest row there is, until the controller writes its own.
insert into fly_reconciler.row_defaults (app_name_prefix, org_slug, region, docker_image, cpu_count, memory_mb)
select 'vyx-user-', coalesce(newest.fly_org_slug, ''), 'sin', coalesce(newest.docker_image, ''), 2, 512
  from (select 1) one
  left join lateral (
    select a.fly_org_slug, a.docker_image from public.user_fly_apps a order by a.created_at desc, a.id limit 1) newest on true
on conflict do nothing;

-- Rows that stand here before us name apps that are ours by inheritance. Once only: a row that comes later proves nothing.
with first_run as (
  insert into fly_reconciler.fleet (key, value) values ('ownership-inherited', to_jsonb(now()))
  on conflict (key) do nothing
  returning key
)
insert into fly_reconciler.ownership (app_name, user_id, origin, org_slug)
select a.fly_app_name, a.user_id, 'inherited', a.fly_org_slug
  from public.user_fly_apps a
 where a.deleted_at is null and a.status <> 'deleted' and exists (select from first_run)
on conflict (app_name) do nothing;

update public.user_fly_apps a
   set tier = fly_reconciler.effective_tier(s.tier, s.status, s.expires_at)
  from public.user_subscriptions s
 where s.user_id = a.user_id
   and a.deleted_at is null
   and a.tier <> fly_reconciler.effective_tier(s.tier, s.status, s.expires_at);
