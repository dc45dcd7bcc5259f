using System.Text.Json.Nodes;

namespace EndToEnd.Tests.Harness;

/// <summary>A fleet on a tag that moves, and where its rollout stands.</summary>
public abstract class RolloutTest : WorldTest
{
    private protected const string Moving = "registry.fly.io/vyx-app:stable";
    private protected static readonly string Old = Digest('a');
    private protected static readonly string New = Digest('b');

    private protected async Task<List<Guid>> FleetAsync(int count)
    {
        World.Environment["DOCKER_IMAGE"] = Moving;
        World.Environment["Reconciler__Workers"] = "12";
        await World.Fly.MoveTagAsync(Moving, Old);
        var users = new List<Guid>();
        for (var i = 0; i < count; i++)
        {
            users.Add(await World.Data.CreateUserAsync("pro"));
        }

        await World.StartReadyAsync();
        await SettledOnAsync(Old, count);
        return users;
    }

    /// <summary>Everybody runs the image, healthy, and no rollout is under way.</summary>
    private protected async Task SettledOnAsync(string digest, int count)
    {
        await World.EventuallyAsync(
            async () => await World.Database.ScalarAsync<string>("select state ->> 'phase' from fly_reconciler.rollout") == "Idle"
                && (await World.RowsAsync()).Count(r => r.Settled) == count
                && (await World.Fly.StateAsync()).Apps.Where(a => a.Name.StartsWith("vyx-user-", StringComparison.Ordinal)).SelectMany(a => a.LiveMachines)
                    .Count(m => m.Running && m.Digest == digest) >= count,
            $"all {count} run {digest[..12]}");
    }

    private protected Task MovedAsync(int count) => World.EventuallyAsync(
        async () => await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.rollout_users where verdict = 'good'") >= count,
        $"{count} have the new revision");

    /// <summary>While Fly is looked at some more times, nobody is moved.</summary>
    private protected async Task StandsAsync()
    {
        await World.EventuallyAsync(async () => await OnWayAsync() == 0, "nobody is on the way");
        var marks = await MarksAsync();
        await World.LooksAsync(6);
        Assert.Equal(marks, await MarksAsync());
    }

    private protected Task<long> OnWayAsync() => World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.rollout_users where verdict = 'pending'");

    private protected Task<long> MarksAsync() => World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.rollout_users");

    private protected Task<string?> WhyAsync() => World.Database.ScalarAsync<string?>("select state ->> 'why' from fly_reconciler.rollout");

    private protected Task<List<string>> HistoryAsync() =>
        World.Database.ListAsync<string>("select action from fly_reconciler.rollout_history order by id desc");

    private protected Task<Guid> UserOfAsync(string app) =>
        World.Database.ScalarAsync<Guid>("select user_id from public.user_fly_apps where fly_app_name = $1", app);

    private protected async Task<int> InAsync(string region) => (await World.Fly.StateAsync()).Apps
        .Where(a => a.Name.StartsWith("vyx-user-", StringComparison.Ordinal)).SelectMany(a => a.LiveMachines).Count(m => m.Running && m.Region == region);

    private protected async Task<int> WithKeyAsync(string key)
    {
        var hash = FlySimClient.HashOf(key);
        return (await World.Fly.StateAsync()).Apps.SelectMany(a => a.LiveMachines)
            .Count(m => m.Running && m.BootEnvHashes.GetValueOrDefault("SUPABASE_SERVICE_ROLE_KEY") == hash);
    }

    private protected static JsonObject Backend(string image) => new()
    {
        ["image"] = image,
        ["env"] = new JsonObject { ["SUPABASE_URL"] = "https://project.supabase.co", ["SUPABASE_SERVICE_KEY"] = "theirs" },
    };

    private protected static string Digest(char digit) => "sha256:" + new string(digit, 64);
}
