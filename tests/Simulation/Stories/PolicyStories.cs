using FlySim.Admin;

namespace Simulation.Stories;

/// <summary>The image, the key, the template and the room for machines change.</summary>
internal static class PolicyStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        Story.FromReady("new-image", async stage =>
        {
            stage.User("pro");
            await stage.ReadyAsync();
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy);
        }, IsCore: true),
        Story.FromReady("crashing-image-then-a-good-one", BadImage(ImageBehaviour.Crash)),
        Story.FromReady("ill-image-then-a-good-one", BadImage(ImageBehaviour.Unhealthy)),
        Story.FromReady("silently-rolled-back-image-then-a-good-one", BadImage(ImageBehaviour.Rollback)),
        Story.FromReady("image-vanishes", async stage =>
        {
            stage.User("pro");
            await stage.ReadyAsync();
            stage.World.Fly.VanishImage(Names.Image);
            await stage.PassAsync(10);
            stage.User("pro");
            await stage.PassAsync(60);
            stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy);
        }),
        Story.FromReady("key-rotated", async stage =>
        {
            stage.User("pro");
            await stage.ReadyAsync();
            await stage.DeployAsync(c => c with { ServiceKey = Names.NextServiceKey });
        }),
        Story.FromReady("key-refused-then-right", async stage =>
        {
            stage.World.Fly.RefuseKey(Names.NextServiceKey);
            stage.User("pro");
            await stage.ReadyAsync();
            await stage.DeployAsync(c => c with { ServiceKey = Names.NextServiceKey });
            stage.User("pro");
            await stage.PassAsync(60);
            stage.World.Coverage.Injected(FaultClass.ErrorThenRollback);
            await stage.DeployAsync(c => c with { ServiceKey = Names.ServiceKey });
        }),
        Story.FromReady("new-template", async stage =>
        {
            stage.User("pro");
            await stage.ReadyAsync();
            await stage.DeployAsync(c => c with { Release = "2" });
        }),
        new("region-full-then-room", async stage =>
        {
            stage.World.Fly.LimitRegion(Names.Region, 0);
            stage.User("pro");
            await stage.PassAsync(40);
            stage.World.Fly.LimitRegion(Names.Region, null);
        }),
        Story.FromReady("public-ingress", async stage =>
        {
            stage.User("pro");
            await stage.ReadyAsync();
            await stage.DeployAsync(c => c with { PublicIngress = true });
        }),
        Story.FromReady("proxy-told-to-stop-it", async stage =>
        {
            var user = stage.User("pro");
            await stage.DeployAsync(c => c with { PublicIngress = true });
            await stage.ReadyAsync();
            stage.World.Fly.LetTheProxyStop(stage.World.Fly.MachineOf(stage.AppOf(user)));
        }),
    ];

    private static Func<Stage, Task> BadImage(ImageBehaviour behaviour) => async stage =>
    {
        stage.User("pro");
        await stage.ReadyAsync();
        stage.World.Fly.MoveTag(Names.Image, behaviour);
        await stage.PassAsync(90);
        stage.World.Coverage.Injected(FaultClass.ErrorThenRollback);
        stage.World.Fly.MoveTag(Names.Image, ImageBehaviour.Healthy);
    };
}
