namespace Simulation.Stories;

/// <summary>What happens to a machine by hand, by its host, or by itself.</summary>
internal static class MachineStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        new("stopped-by-hand", Hand((fly, machine) => fly.Stop(machine))),
        new("destroyed-by-hand", Hand((fly, machine) => fly.Destroy(machine)), IsCore: true),
        new("guest-changed-by-hand", Hand((fly, machine) => fly.EditGuest(machine, 4, 1024))),
        new("environment-changed-by-hand", Hand((fly, machine) => fly.EditEnv(machine, "RELEASE", "tampered"))),
        new("metadata-removed-by-hand", Hand((fly, machine) => fly.DropMetadata(machine))),
        new("moved-to-another-region", Hand((fly, machine) => fly.Move(machine, "sjc")), IsCore: true),
        new("failed", Hand((fly, machine) => fly.Fail(machine))),
        new("ill", Hand((fly, machine) => fly.MakeIll(machine))),
        new("duplicate-by-hand", async stage =>
        {
            var user = stage.User("pro");
            await stage.SettleAsync();
            stage.World.Fly.Duplicate(stage.AppOf(user));
        }),
        new("app-deleted-by-hand", async stage =>
        {
            var user = stage.User("pro");
            await stage.SettleAsync();
            stage.Note("somebody deletes the app");
            stage.World.Coverage.Injected(FaultClass.OutOfBand);
            stage.World.Fly.RemoveApp(stage.AppOf(user));
        }),
        new("host-away-and-back", async stage =>
        {
            var user = stage.User("pro");
            await stage.SettleAsync();
            var machine = stage.World.Fly.MachineOf(stage.AppOf(user));
            stage.World.Fly.HostDown(machine, programRunsOn: true);
            await stage.PassAsync(30);
            stage.World.Fly.HostUp(machine);
        }),
        new("host-gone-for-long", async stage =>
        {
            var user = stage.User("pro");
            await stage.SettleAsync();
            var machine = stage.World.Fly.MachineOf(stage.AppOf(user));
            stage.World.Fly.HostDown(machine, programRunsOn: false);
            await stage.PassAsync(100);
            stage.World.Fly.HostUp(machine);
        }),
        new("migrated", Hand((fly, machine) => fly.Migrate(machine))),
        new("secrets-tampered", async stage =>
        {
            var user = stage.User("pro");
            await stage.SettleAsync();
            stage.World.Fly.TamperSecret(stage.AppOf(user), "GEMINI_API_KEY");
        }),
        new("stuck-in-stopping", Hand((fly, machine) => fly.Stick(machine, "stopping"))),
    ];

    private static Func<Stage, Task> Hand(Action<FlyModel, string> act) => async stage =>
    {
        var user = stage.User("pro");
        await stage.SettleAsync();
        act(stage.World.Fly, stage.World.Fly.MachineOf(stage.AppOf(user)));
    };
}
