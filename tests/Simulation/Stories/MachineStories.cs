namespace Simulation.Stories;

/// <summary>What happens to a machine by hand, by its host, or by itself.</summary>
internal static class MachineStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        Story.FromReady("stopped-by-hand", Hand((fly, machine) => fly.Stop(machine))),
        Story.FromReady("destroyed-by-hand", Hand((fly, machine) => fly.Destroy(machine)), IsCore: true),
        Story.FromReady("guest-changed-by-hand", Hand((fly, machine) => fly.EditGuest(machine, 4, 1024))),
        Story.FromReady("environment-changed-by-hand", Hand((fly, machine) => fly.EditEnv(machine, "RELEASE", "tampered"))),
        Story.FromReady("metadata-removed-by-hand", Hand((fly, machine) => fly.DropMetadata(machine))),
        Story.FromReady("owner-removed-by-hand", Hand((fly, machine) => fly.DropOwner(machine))),
        Story.FromReady("moved-to-another-region", Hand((fly, machine) => fly.Move(machine, "sjc")), IsCore: true),
        Story.FromReady("failed", Hand((fly, machine) => fly.Fail(machine))),
        Story.FromReady("ill", Hand((fly, machine) => fly.MakeIll(machine))),
        Story.FromReady("duplicate-by-hand", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.World.Fly.Duplicate(stage.AppOf(user));
        }),
        Story.FromReady("app-deleted-by-hand", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Note("somebody deletes the app");
            stage.World.Coverage.Injected(FaultClass.OutOfBand);
            stage.World.Fly.RemoveApp(stage.AppOf(user));
        }),
        Story.FromReady("host-away-and-back", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            var machine = stage.World.Fly.MachineOf(stage.AppOf(user));
            stage.World.Fly.HostDown(machine, programRunsOn: true);
            await stage.PassAsync(30);
            stage.World.Fly.HostUp(machine);
        }),
        Story.FromReady("host-gone-for-long", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            var machine = stage.World.Fly.MachineOf(stage.AppOf(user));
            stage.World.Fly.HostDown(machine, programRunsOn: false);
            await stage.PassAsync(100);
            stage.World.Fly.HostUp(machine);
        }),
        Story.FromReady("migrated", Hand((fly, machine) => fly.Migrate(machine))),
        Story.FromReady("secrets-tampered", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.World.Fly.TamperSecret(stage.AppOf(user), "GEMINI_API_KEY");
        }),
        Story.FromReady("stuck-in-stopping", Hand((fly, machine) => fly.Stick(machine, "stopping"))),
    ];

    private static Func<Stage, Task> Hand(Action<FlyModel, string> act) => async stage =>
    {
        var user = stage.User("pro");
        await stage.ReadyAsync();
        act(stage.World.Fly, stage.World.Fly.MachineOf(stage.AppOf(user)));
    };
}
