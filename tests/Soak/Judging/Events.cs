using Soak.Stage;

namespace Soak.Judging;

/// <summary>
/// A status and its event are one transaction, so by the test's own journal each row's turn to active has exactly one
/// provision_completed in the same transaction, and the reverse; likewise for deleted, but for an app that was destroyed while
/// its user came back: then the event tells of the destruction and the row does not say deleted. An account that was deleted
/// between the look and the write has no row any more that could turn.
/// </summary>
internal static class Events
{
    public static async Task<List<Claim>> ClaimsAsync(Arena arena) =>
    [
        await MatchAsync(arena, "active", "provision_completed", bothWays: true),
        await MatchAsync(arena, "deleted", "deprovision_completed", bothWays: false),
        await ExplainAsync(arena),
    ];

    private static async Task<Claim> MatchAsync(Arena arena, string status, string type, bool bothWays)
    {
        var problems = await arena.Database.ListAsync<string>("""
            select s.user_id || ' became ' || s.after || ' from ' || coalesce(s.before, 'nothing') || ' in ' || s.xid || ' with ' || count(e.seq) || ' event(s)'
              from soak.statuses s left join soak.events e on e.xid = s.xid and e.user_id = s.user_id and e.type = $2
             where s.after = $1
             group by s.seq, s.user_id, s.after, s.before, s.xid having count(e.seq) <> 1
            """, status, type);
        if (bothWays)
        {
            problems.AddRange(await arena.Database.ListAsync<string>("""
                select e.user_id || ' has ' || e.type || ' in ' || e.xid || ' without becoming ' || $1
                  from soak.events e
                 where e.type = $2 and not exists (select from soak.statuses s where s.xid = e.xid and s.user_id = e.user_id and s.after = $1)
                   and exists (select from public.user_fly_apps a where a.user_id = e.user_id)
                """, status, type));
        }

        var turns = await arena.Database.ScalarAsync<long>("select count(*) from soak.statuses where after = $1", status);
        var events = await arena.Database.ScalarAsync<long>("select count(*) from soak.events where type = $1", type);
        return Claim.Unless(problems, $"Each turn to {status} has its {type}", $"{turns} turns, {events} events");
    }

    private static async Task<Claim> ExplainAsync(Arena arena)
    {
        var problems = await arena.Database.ListAsync<string>("""
            select a.fly_app_name || ' is ' || a.status || ', and its last event of an end is ' || coalesce(e.type, 'none')
              from public.user_fly_apps a
              left join lateral (
                select type from soak.events e
                 where e.user_id = a.user_id and e.type in ('provision_completed', 'deprovision_completed') order by e.seq desc limit 1) e on true
             where e.type is distinct from case a.status when 'active' then 'provision_completed' when 'deleted' then 'deprovision_completed' end
            """);
        var lost = await arena.Database.ScalarAsync<long>("""
            select (select count(*) from soak.events)
                   - (select count(*) from public.user_fly_app_events) - (select count(*) from fly_reconciler.events where user_id is not null)
            """);
        var rows = await arena.Database.ScalarAsync<long>("select count(*) from public.user_fly_apps");
        return Claim.Unless(
            problems, "The last events of each user explain the status", $"{rows} rows explained; {lost} events left with their accounts");
    }
}
