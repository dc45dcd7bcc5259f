using Soak.Soaking;
using Soak.Stage;

namespace Soak.Kills;

/// <summary>Gives each daemon something to be killed in the middle of.</summary>
internal sealed class Unrest(Arena arena, Random random, int users)
{
    private readonly List<Guid> _users = [];
    private int _images;

    public async Task SignUpAsync()
    {
        for (var i = 0; i < users; i++)
        {
            _users.Add(await arena.Database.Data.CreateUserAsync("pro"));
        }
    }

    /// <summary>A few changes at once, so that several reconciles are under way at the kill.</summary>
    public async Task StirAsync()
    {
        for (var i = random.Next(2, 6); i > 0; i--)
        {
            var user = _users[random.Next(_users.Count)];
            await (random.Next(10) switch
            {
                < 3 => arena.Database.Data.SetTierAsync(user, "free"),
                < 6 => arena.Database.Data.SetTierAsync(user, random.Next(2) == 0 ? "pro" : "elite"),
                6 => SpecAsync(user, """{"guest":{"cpus":4,"memory_mb":1024}}"""),
                7 => SpecAsync(user, $$"""{"image":"{{BadDays.AnotherImage}}"}"""),
                8 => SpecAsync(user, null),
                _ => arena.PushAsync(Arena.Image, "sha256:" + FlySimClient.HashOf($"image {++_images}")),
            });
        }
    }

    private Task SpecAsync(Guid user, string? spec) => arena.Database.ExecuteAsync(
        "update public.user_fly_apps set spec = $2::jsonb where user_id = $1", user, (object?)spec ?? DBNull.Value);
}
