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
        Story.FromReady("row-names-another-app", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Rename(user, DatabaseModel.FirstNameOf(user, candidate: 5));
        }),
        Story.FromReady("row-names-another-app-and-back", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Rename(user, DatabaseModel.FirstNameOf(user, candidate: 5));
            await stage.PassAsync(45);
            stage.Rename(user, DatabaseModel.FirstNameOf(user));
        }),
        Story.FromReady("app-taken-away-and-given-back", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            var app = stage.AppOf(user);
            stage.World.Fly.HandOver(app, "somebody-else");
            await stage.PassAsync(TimeSpan.FromMinutes(13).TotalSeconds);
            stage.World.Fly.HandOver(app, Names.Org);
        }),
    ];
}
