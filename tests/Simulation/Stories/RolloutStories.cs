using FlySim.Admin;

namespace Simulation.Stories;

/// <summary>A change of the fleet on its way through three users: it comes through, turns out bad, is overtaken, stopped, ordered about.</summary>
internal static class RolloutStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        Story.FromReady("rollout-through-a-fleet", async stage =>
        {
            await FleetAsync(stage);
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy);
        }),
        Story.FromReady("rollout-of-a-crashing-image-reverted", async stage =>
        {
            await FleetAsync(stage);
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Crash);
            await stage.PassAsync(120);
            stage.World.Coverage.Injected(FaultClass.ErrorThenRollback);
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy);
        }),
        Story.FromReady("rollout-overtaken", async stage =>
        {
            await FleetAsync(stage);
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Hang);
            await stage.PassAsync(40);
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy);
        }),
        Story.FromReady("rollout-paused-and-resumed", async stage =>
        {
            await FleetAsync(stage);
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy);
            await stage.PassAsync(25);
            stage.World.Database.Ask("pause");
            await stage.PassAsync(30);
            stage.World.Database.Ask("resume");
        }),
        Story.FromReady("rollout-aborted-and-tried-again", async stage =>
        {
            await FleetAsync(stage);
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy);
            await stage.PassAsync(30);
            stage.World.Database.Ask("abort");
            await stage.PassAsync(60);
            stage.World.Database.Ask("retry");
        }),
        Story.FromReady("rollout-while-users-come-and-go", async stage =>
        {
            var (first, _, _) = await FleetAsync(stage);
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy);
            await stage.PassAsync(22);
            stage.Tier(first, "free");
            stage.User("elite");
        }),
        Story.FromReady("rollout-of-a-key", async stage =>
        {
            await FleetAsync(stage);
            await stage.DeployAsync(c => c with { ServiceKey = Names.NextServiceKey });
        }),
    ];

    private static async Task<(Guid First, Guid Second, Guid Third)> FleetAsync(Stage stage)
    {
        var users = (stage.User("pro"), stage.User("pro"), stage.User("elite"));
        await stage.ReadyAsync();
        return users;
    }
}
