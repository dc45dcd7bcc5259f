using System.Globalization;

namespace EndToEnd.Tests;

/// <summary>App names are hashes, and global across all customers of Fly.</summary>
public sealed class NameTests : WorldTest
{
    [Fact]
    public async Task Two_users_whose_hashes_collide_each_get_an_app()
    {
        var (first, second) = FindCollision();
        await World.StartReadyAsync();
        await World.Data.CreateUserAsync("pro", id: first);
        await World.Data.CreateUserAsync("pro", id: second);

        var (one, _) = await World.ConvergedAsync(first);
        var (other, machine) = await World.ConvergedAsync(second);

        Assert.Equal($"vyx-user-{Hash(first)}", one.App);
        Assert.NotEqual(one.App, other.App);
        Assert.StartsWith($"vyx-user-{Hash(second)}-", other.App, StringComparison.Ordinal);
        Assert.Equal(FlySimClient.HashOf(second.ToString()), machine.BootEnvHashes["USER_ID"]);
    }

    [Theory]
    [InlineData("another-customer")]
    [InlineData("vyx")]
    public async Task A_name_that_somebody_else_has_is_left_to_them_and_the_next_one_taken(string org)
    {
        var user = Guid.NewGuid();
        await World.Fly.PlantAppAsync(new PlantApp { Name = $"vyx-user-{Hash(user)}", Org = org });
        await World.StartReadyAsync();
        await World.Data.CreateUserAsync("pro", id: user);

        var (row, _) = await World.ConvergedAsync(user);

        Assert.StartsWith($"vyx-user-{Hash(user)}-", row.App, StringComparison.Ordinal);
        Assert.Empty((await World.AppAsync($"vyx-user-{Hash(user)}"))!.Machines);
        Assert.DoesNotContain(await World.ChangesAsync(), c => c.App == $"vyx-user-{Hash(user)}" && c.Operation != "apps.create");
    }

    private static (Guid First, Guid Second) FindCollision()
    {
        var random = new Random(7);
        var seen = new Dictionary<string, Guid>();
        var bytes = new byte[16];
        while (true)
        {
            random.NextBytes(bytes);
            var user = new Guid(bytes);
            if (!seen.TryAdd(Hash(user), user))
            {
                return (seen[Hash(user)], user);
            }
        }
    }

    /// <summary>The host application's own hash, written down a second time: the product's must agree with it.</summary>
    private static string Hash(Guid user)
    {
        var hash = user.ToString().Aggregate(0, (h, c) => unchecked((h * 31) + c));
        return Math.Abs((long)hash).ToString("x8", CultureInfo.InvariantCulture);
    }
}
