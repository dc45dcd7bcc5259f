using Soak.Stage;

namespace Soak.Judging;

/// <summary>At rest the controller looks and writes nothing, a full look at every user included.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Window = DaemonEnvironment.AuditEvery + TimeSpan.FromSeconds(2);

    public static async Task<Claim> ClaimAsync(Arena arena)
    {
        await Task.Delay(TimeSpan.FromSeconds(2)); // our own last changes come back as news for a moment
        var since = (await arena.Fly.CallsAsync()).Select(c => c.Seq).DefaultIfEmpty(0).Max();
        var before = await VersionsAsync(arena.Database);
        await Task.Delay(Window);
        var calls = await arena.Fly.CallsAsync(since);
        var problems = calls.Where(c => c.Mutating).Select(c => $"{c.Operation} {c.App}").ToList();
        problems.AddRange((await VersionsAsync(arena.Database)).Except(before).Select(v => $"written: {v}"));
        return Claim.Unless(
            problems, "Quiet: nothing written to Fly or the database", $"{Window.TotalSeconds:0} s, {calls.Count} calls that read, 0 that write, 0 rows");
    }

    /// <summary>The transaction that last wrote each row: changes with every write, even one of the same values.</summary>
    private static async Task<HashSet<string>> VersionsAsync(TestDatabase database) => [.. await database.ListAsync<string>("""
        select a.fly_app_name || ' row ' || a.xmin from public.user_fly_apps a
        union all select 'events ' || count(*) from soak.events
        union all select o.app_name || ' ownership ' || o.xmin from fly_reconciler.ownership o
        union all select 'intents ' || count(*) from fly_reconciler.intents
        union all select 'destroys ' || count(*) from fly_reconciler.destroys
        union all select 'rollout ' || r.version from fly_reconciler.rollout r
        union all select f.key || ' document ' || f.xmin from fly_reconciler.fleet f
        """)];
}
