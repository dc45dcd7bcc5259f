using Soak.Stage;

namespace Soak.Soaking;

/// <summary>What users, the host application and operators do to the tables and the signal file.</summary>
internal sealed class People(Arena arena, Random random, int wanted)
{
    private static readonly string[] Specs =
    [
        """{"guest":{"cpus":4,"memory_mb":1024}}""",
        """{"env":{"LOG_LEVEL":"debug"}}""",
        """{"region":"nrt"}""",
        $$"""{"image":"{{BadDays.AnotherImage}}"}""",
        """{"region":"nowhere"}""",
    ];

    public IReadOnlyList<Trick> Tricks() =>
    [
        new("sign-up", 3, SignUpAsync),
        new("downgrade", 6, () => OnUserAsync((user) => arena.Database.Data.SetTierAsync(user, "free"))),
        new("upgrade", 9, () => OnUserAsync((user) => arena.Database.Data.SetTierAsync(user, random.Next(2) == 0 ? "pro" : "elite"))),
        new("cancelled", 2, () => OnUserAsync((user) => arena.Database.Data.SetStatusAsync(user, "cancelled"))),
        new("active again", 3, () => OnUserAsync((user) => arena.Database.Data.SetStatusAsync(user, "active"))),
        new("expires in a second", 2, () => OnUserAsync((user) => arena.Database.Data.SetExpiryAsync(user, DateTime.UtcNow.AddSeconds(1)))),
        new("paid for the next month", 3, () => OnUserAsync((user) => arena.Database.Data.SetExpiryAsync(user, DateTime.UtcNow.AddDays(30)))),
        new("account deleted", 2, () => OnUserAsync((user) => arena.Database.Data.DeleteUserAsync(user))),
        new("override", 3, () => OnUserAsync((user) => SpecAsync(user, Specs[random.Next(Specs.Length)]))),
        new("override removed", 3, () => OnUserAsync((user) => SpecAsync(user, null))),
        new("paused for 2 s", 1, () => OnUserAsync((user) => arena.Database.ExecuteAsync(
            "select fly_reconciler.pause($1, 'soak', 'a trick', now() + interval '2 seconds')", user))),
        new("forced in the database", 2, () => OnUserAsync((user) => arena.Database.ExecuteAsync("select fly_reconciler.force($1)", user))),
        new("forced by the signal file", 2, () => OnUserAsync((user) => arena.ForceAsync($"{user}\n"))),
    ];

    public async Task<bool> SignUpAsync()
    {
        if (await arena.Database.ScalarAsync<long>("select count(*) from auth.users") >= wanted)
        {
            return false;
        }

        await arena.Database.Data.CreateUserAsync(random.Next(4) switch { 0 => "elite", _ => "pro" });
        return true;
    }

    /// <summary>What cannot converge as it is: somebody looks at it in the end.</summary>
    public Task TidyUpAsync() => arena.Database.ExecuteAsync("""
        update public.user_fly_apps set spec = null where spec ->> 'region' = 'nowhere'
        """);

    private Task SpecAsync(Guid user, string? spec) => arena.Database.ExecuteAsync(
        "update public.user_fly_apps set spec = $2::jsonb where user_id = $1", user, (object?)spec ?? DBNull.Value);

    private async Task<bool> OnUserAsync(Func<Guid, Task> act)
    {
        var user = await arena.Database.ScalarAsync<Guid>(
            "select id from auth.users order by md5(id::text || $1) limit 1", random.Next().ToString(CultureInfo.InvariantCulture));
        if (user == Guid.Empty)
        {
            return false;
        }

        await act(user);
        return true;
    }
}
