namespace Simulation.Stories;

/// <summary>What older functions and other organisations left at Fly.</summary>
internal static class EstateStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new("adopt-hand-made", stage =>
        {
            stage.World.PlantEstate(machineName: "brave-river-1", region: "sin", cpus: 2, memoryMb: 512);
            return Task.CompletedTask;
        }),
        new("adopt-old-function", stage =>
        {
            stage.World.PlantEstate(machineName: null, region: "sjc", cpus: 4, memoryMb: 1024);
            return Task.CompletedTask;
        }),
        Story.FromReady("adopt-and-downgrade", async stage =>
        {
            var user = stage.World.PlantEstate(machineName: null, region: "sin", cpus: 2, memoryMb: 512);
            await stage.ReadyAsync();
            stage.Tier(user, "free");
        }),
        new("name-squatted", stage =>
        {
            var user = stage.User();
            stage.World.Fly.Squat(DatabaseModel.FirstNameOf(user));
            stage.Tier(user, "pro");
            return Task.CompletedTask;
        }),
        new("two-names-squatted", stage =>
        {
            var user = stage.User();
            stage.World.Fly.Squat(DatabaseModel.FirstNameOf(user));
            stage.World.Fly.Squat(DatabaseModel.FirstNameOf(user, candidate: 1));
            stage.Tier(user, "pro");
            return Task.CompletedTask;
        }),
    ];
}
