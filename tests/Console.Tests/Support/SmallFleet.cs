using Daemon = EndToEnd.Tests.Harness.Program;

namespace ConsoleTests.Support;

/// <summary>Five users with a real daemon, one of them broken: wished into a region that has no room.</summary>
internal static class SmallFleet
{
    public const string FullRegion = "nrt";

    /// <returns>The daemon, and the broken user's row.</returns>
    public static async Task<(Daemon Daemon, AppRow Broken)> StartAsync(World world)
    {
        world.Environment["Reconciler__Console__Token"] = Visitor.Token;
        world.SecretValues.Add(Visitor.Token);
        var users = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            users.Add(await world.Data.CreateUserAsync(i % 2 == 0 ? "pro" : "elite", id: new Guid($"{i + 1:x8}-27a1-4099-866a-e3ed340b278d")));
        }

        var daemon = await world.StartReadyAsync();
        foreach (var user in users)
        {
            await world.ConvergedAsync(user);
        }

        await BreakAsync(world, users[2]);
        return (daemon, await world.RowAsync(users[2]));
    }

    public static async Task BreakAsync(World world, Guid user)
    {
        await world.Fly.LimitRegionAsync(FullRegion, 0);
        await world.Database.ExecuteAsync(
            "update public.user_fly_apps set spec = jsonb_build_object('region', $2::text) where user_id = $1", user, FullRegion);
        await world.EventuallyRowAsync(user, row => row.Is("Degraded", "True", "FlyCapacity"), "the user is broken");
    }
}
