using Soak.Stage;

namespace Soak.Judging;

/// <summary>What a user should have, worked out a second time, from the host application's tables alone; and the row beside it.</summary>
internal sealed record Wish(Guid User, string Tier, JsonNode? Row)
{
    public bool Entitled => Tier != "free";

    public string? App => Text("fly_app_name");

    public string? Status => Text("status");

    public string Region => Spec?["region"]?.GetValue<string>() ?? Arena.Region;

    public string Image => Spec?["image"]?.GetValue<string>() ?? Arena.Image;

    public int Cpus => Spec?["guest"]?["cpus"]?.GetValue<int>() ?? 2;

    public int MemoryMb => Spec?["guest"]?["memory_mb"]?.GetValue<int>() ?? 512;

    public IEnumerable<KeyValuePair<string, string>> Env =>
        (Spec?["env"] as JsonObject ?? []).Select(e => KeyValuePair.Create(e.Key, e.Value!.GetValue<string>()));

    private JsonNode? Spec => Row?["spec"];

    public static async Task<List<Wish>> AllAsync(TestDatabase database) =>
        [.. (await database.ListAsync<string>("""
            select jsonb_build_object(
                     'user', u.id, 'tier', coalesce(fly_reconciler.effective_tier(s.tier, s.status, s.expires_at), 'free'),
                     'row', to_jsonb(a))::text
              from auth.users u
              left join public.user_subscriptions s on s.user_id = u.id
              left join public.user_fly_apps a on a.user_id = u.id
            """)).Select(Read)];

    public string? Text(string column) => Row?[column]?.GetValue<string>();

    public long Number(string column) => Row?[column]?.GetValue<long>() ?? 0;

    public bool IsReady => Row?["conditions"]!.AsArray()
        .Any(c => c!["type"]!.GetValue<string>() == "Ready" && c["status"]!.GetValue<string>() == "True") is true;

    private static Wish Read(string json)
    {
        var node = JsonNode.Parse(json)!;
        return new Wish(node["user"]!.GetValue<Guid>(), node["tier"]!.GetValue<string>(), node["row"]);
    }
}
