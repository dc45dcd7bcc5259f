namespace Simulation.Stories;

/// <summary>Operators and exceptions: overrides, pauses, forces, restarts.</summary>
internal static class OperatorStories
{
    public static IReadOnlyList<Story> All { get; } =
    [
        Story.FromReady("override-set-and-removed", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Override(user, """{"region":"nrt","guest":{"cpus":4,"memory_mb":1024},"env":{"LOG_LEVEL":"debug"}}""");
            await stage.SettleAsync();
            stage.Override(user, """{"env":{"LOG_LEVEL":"info"}}""");
        }),
        Story.FromReady("override-wrong-then-right", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Override(user, """{"region":"nowhere"}""", isValid: false);
            await stage.PassAsync(30);
            stage.World.Coverage.Injected(FaultClass.ErrorThenRollback);
            stage.Override(user, """{"guest":{"cpus":4,"memory_mb":1024}}""");
        }),
        Story.FromReady("paused-then-unpaused", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.Pause(user, true);
            stage.World.Fly.EditGuest(stage.World.Fly.MachineOf(stage.AppOf(user)), 4, 1024);
            await stage.PassAsync(60);
            stage.Pause(user, false);
        }),
        Story.FromReady("forced", async stage =>
        {
            var user = stage.User("pro");
            await stage.ReadyAsync();
            stage.World.Fly.TamperSecret(stage.AppOf(user), "OPENROUTER_API_KEY");
            stage.Force(user);
        }),
        new("restarted-in-the-middle", async stage =>
        {
            stage.User("pro");
            await stage.PassAsync(3);
            await stage.DeployAsync(c => c);
        }),
    ];
}
