using System.Text.Json.Nodes;
using Soak.Stage;

namespace Soak.Judging;

/// <summary>At rest the controller looks and writes nothing, a full look at every user included.</summary>
internal static class Quiet
{
    private static readonly TimeSpan Window = DaemonEnvironment.AuditEvery + TimeSpan.FromSeconds(2);

    /// <summary>The first look after the trouble may still write that something old is over (a crash that is long enough ago, say);
    /// each look after it must not.</summary>
    private const int Windows = 3;

    public static async Task<Claim> ClaimAsync(Arena arena)
    {
        await Task.Delay(TimeSpan.FromSeconds(2)); // our own last changes come back as news for a moment
        var told = "";
        List<string> problems = [];
        for (var window = 1; window <= Windows; window++)
        {
            var since = (await arena.Fly.CallsAsync()).Select(c => c.Seq).DefaultIfEmpty(0).Max();
            var before = await VersionsAsync(arena.Database);
            await Task.Delay(Window);
            var calls = await arena.Fly.CallsAsync(since);
            problems = [.. calls.Where(c => c.Mutating).Select(c => $"{c.Operation} {c.App}"), .. Written(before, await VersionsAsync(arena.Database))];
            if (problems.Count == 0)
            {
                told = $"{Window.TotalSeconds:0} s, {calls.Count} calls that read, 0 that write, 0 rows" + told;
                break;
            }

            told = $"; before that, {problems.Count} last word(s), such as {problems[0]}";
        }

        return Claim.Unless(problems, "Quiet: nothing written to Fly or the database", told);
    }

    private static IEnumerable<string> Written(Dictionary<string, Row> before, Dictionary<string, Row> after)
    {
        foreach (var (name, row) in after)
        {
            var old = before.GetValueOrDefault(name);
            if (old?.Version != row.Version)
            {
                yield return $"written: {name}: {string.Join(", ", Changes(old?.Values, row.Values).DefaultIfEmpty("the same values"))}";
            }
        }
    }

    private static IEnumerable<string> Changes(JsonNode? old, JsonNode? now) =>
        from field in (now as JsonObject ?? [])
        let was = old?[field.Key]
        where !JsonNode.DeepEquals(was, field.Value)
        select $"{field.Key} {was?.ToJsonString() ?? "null"} → {field.Value?.ToJsonString() ?? "null"}";

    private sealed record Row(string Version, JsonNode? Values);

    /// <summary>The transaction that last wrote each row changes with every write, even one of the same values.</summary>
    private static async Task<Dictionary<string, Row>> VersionsAsync(TestDatabase database)
    {
        var rows = await database.ListAsync<string>("""
            select jsonb_build_array(a.fly_app_name, a.xmin::text, to_jsonb(a))::text from public.user_fly_apps a
            union all select jsonb_build_array('ownership of ' || o.app_name, o.xmin::text, to_jsonb(o))::text from fly_reconciler.ownership o
            union all select jsonb_build_array('document ' || f.key, f.xmin::text, null)::text from fly_reconciler.fleet f
            union all select jsonb_build_array('rollout', r.version::text, null)::text from fly_reconciler.rollout r
            union all select jsonb_build_array('events', count(*)::text, null)::text from soak.events
            union all select jsonb_build_array('intents', count(*)::text, null)::text from fly_reconciler.intents
            union all select jsonb_build_array('destroys', count(*)::text, null)::text from fly_reconciler.destroys
            """);
        return rows.Select(r => JsonNode.Parse(r)!.AsArray()).ToDictionary(r => (string)r[0]!, r => new Row((string)r[1]!, r[2]));
    }
}
