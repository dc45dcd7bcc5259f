namespace ConsoleTests.Support;

/// <summary>
/// Puts a large fleet into the database as a controller would have left it, with every kind of trouble in it, and lets somebody else
/// lead: the daemon under test stands by and shows what the database says.
/// </summary>
internal static class FleetSeed
{
    public const string Leader = "d8906e1c25f7/311/5f3a90b1";

    public static async Task SeedAsync(TestDatabase database, int users)
    {
        await database.ExecuteAsync("""
            insert into fly_reconciler.lease (name, holder, epoch, expires_at, renewed_at)
            values ('reconciler', $1, 41, now() + interval '1 day', now())
            """, Leader);
        await database.ExecuteAsync("""
            insert into auth.users (id, email)
            select md5('console' || i)::uuid, i || '@example.com' from generate_series(1, $1) i
            """, users);
        await database.ExecuteAsync("""
            insert into public.user_subscriptions (user_id, tier, status)
            select u.id, case when u.email like '%7@%' then 'elite' else 'pro' end, 'active' from auth.users u
            """);
        await database.ExecuteAsync("""
            with numbered as (select user_id, row_number() over (order by user_id) as n from public.user_fly_apps)
            update public.user_fly_apps a
               set status = case when k.reason in ('Converged') then 'active' when k.reason = 'FlyCapacity' then 'error' else 'provisioning' end,
                   health_status = case when k.reason = 'Converged' then 'healthy' else 'unknown' end,
                   observed_generation = a.generation, machine_id = substr(md5(a.user_id::text), 1, 14), monthly_cost_estimate_usd = 5.92,
                   retry_count = case when k.degraded then 3 else 0 end,
                   error_message = case when k.degraded then k.message end,
                   next_attempt_at = case when k.degraded then now() + interval '4 minutes' end,
                   last_error_class = case when k.degraded then 'Capacity' end,
                   conditions = jsonb_build_array(
                     jsonb_build_object('type', 'Ready', 'status', case when k.reason = 'Converged' then 'True' else 'False' end,
                       'reason', k.reason, 'message', k.message, 'lastTransitionTime', now() - k.n % 40 * interval '1 minute'),
                     jsonb_build_object('type', 'Progressing', 'status', case when k.reason = 'WaitingForHealth' then 'True' else 'False' end,
                       'reason', k.reason, 'message', k.message, 'lastTransitionTime', now()),
                     jsonb_build_object('type', 'Degraded', 'status', case when k.degraded then 'True' else 'False' end,
                       'reason', k.reason, 'message', k.message, 'lastTransitionTime', now() - k.n % 40 * interval '1 minute'))
              from (select n.user_id, n.n,
                           case when n.n % 97 = 5 then 'FlyCapacity' when n.n % 211 = 9 then 'CrashLooping' when n.n % 401 = 0 then 'DestroyBudget'
                                when n.n % 61 = 3 then 'WaitingForHealth' else 'Converged' end as reason,
                           case when n.n % 97 = 5 then 'sin has no room for 2 CPU/512 MB; the old machine is left alone'
                                when n.n % 211 = 9 then 'the machine stopped 4 times within ten minutes, exit code 1'
                                when n.n % 401 = 0 then 'the grace is over; this hour''s destroy budget is spent'
                                when n.n % 61 = 3 then 'machine started, waiting for its first good check' else 'as desired' end as message,
                           n.n % 97 = 5 or n.n % 211 = 9 as degraded
                      from numbered n) k
             where k.user_id = a.user_id
            """);
        await database.ExecuteAsync("""
            with numbered as (select user_id, row_number() over (order by user_id) as n from public.user_fly_apps)
            select fly_reconciler.pause(user_id, 'ops', 'customer asked us to wait', now() + interval '6 hours') from numbered where n % 599 = 1
            """);
        await database.ExecuteAsync("update public.user_fly_apps set observed_generation = generation");
    }
}
