namespace Simulation.Stories;

/// <summary>Users come, pay, stop paying and come back.</summary>
internal static class TierStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new("provision-pro", stage =>
        {
            stage.User("pro");
            return Task.CompletedTask;
        }, IsCore: true),
        new("provision-elite", stage =>
        {
            stage.User("elite");
            return Task.CompletedTask;
        }),
        Story.FromReady("pro-to-elite", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Tier(user, "elite");
        }),
        Story.FromReady("downgrade", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Tier(user, "free");
        }, IsCore: true),
        Story.FromReady("comeback-in-grace", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Tier(user, "free");
            await stage.PassAsync(20);
            stage.World.Coverage.Injected(FaultClass.DeleteAndUndelete);
            stage.Tier(user, "pro");
        }),
        Story.FromReady("comeback-after-removal", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Tier(user, "free");
            await stage.SettleAsync();
            stage.Tier(user, "elite");
        }, IsCore: true),
        Story.FromReady("comeback-while-removed", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Tier(user, "free");
            await stage.PassAsync(stage.Configuration.Grace.TotalSeconds + 1);
            stage.World.Coverage.Injected(FaultClass.DeleteAndUndelete);
            stage.Tier(user, "pro");
        }),
        new("there-and-back", async stage =>
        {
            var user = stage.User("pro");
            await stage.PassAsync(2.5);
            stage.World.Coverage.Injected(FaultClass.ThereAndBack);
            stage.Tier(user, "free");
            await stage.PassAsync(1.5);
            stage.Tier(user, "pro");
        }),
        Story.FromReady("cancelled", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Status(user, "cancelled");
        }),
        Story.FromReady("past-due-keeps-running", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Status(user, "past_due");
            await stage.PassAsync(60);
        }),
        new("expires-and-renews", async stage =>
        {
            var user = stage.User("pro");
            stage.Expires(user, TimeSpan.FromSeconds(60));
            await stage.PassAsync(100);
            stage.Expires(user, TimeSpan.FromDays(30));
        }),
        Story.FromReady("user-deleted", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Delete(user);
        }),
        new("user-deleted-while-provisioned", async stage =>
        {
            var user = stage.User("pro");
            await stage.PassAsync(3);
            stage.Delete(user);
        }),
        Story.FromReady("user-deleted-and-the-name-lost", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Delete(user);
            stage.World.Fly.RemoveApp(DatabaseModel.FirstNameOf(user));
            stage.World.Fly.Squat(DatabaseModel.FirstNameOf(user));
        }),
        Story.FromReady("user-and-app-deleted", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Delete(user);
            stage.World.Fly.RemoveApp(DatabaseModel.FirstNameOf(user));
        }),
        new("three-at-once", stage =>
        {
            stage.User("pro");
            stage.User("elite");
            stage.User("pro");
            return Task.CompletedTask;
        }),
        new("trigger-off", async stage =>
        {
            stage.World.Database.TriggerIsOn = false;
            stage.User("pro");
            await stage.PassAsync(40);
            stage.World.Database.TriggerIsOn = true;
        }),
    ];
}
