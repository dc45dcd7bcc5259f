namespace EndToEnd.Tests;

public sealed class HealthTests : WorldTest
{
    [Fact]
    public async Task An_unhealthy_machine_is_reported_and_restarted_when_it_stays_so()
    {
        World.AuditOften();
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        await World.Fly.EditMachineAsync(row.App, machine.Id, new EditMachine { Healthy = false });

        await World.EventuallyRowAsync(user, r => r.Health == "unhealthy" && r.Is("Healthy", "False"), "the row says so");
        await World.EventuallyAsync(async () => (await World.EventsAsync(user)).Contains("health_check_failed"), "the journal says so");
        await World.EventuallyAsync(async () => (await World.ChangesAsync()).Any(c => c.Operation == "machines.restart"), "it is restarted");
        await World.Fly.EditMachineAsync(row.App, machine.Id, new EditMachine { Healthy = true });
        await World.ConvergedAsync(user);
        Assert.Equal(2, (await World.EventsAsync(user)).Count(e => e == "health_check_passed"));
    }

    [Fact]
    public async Task A_machine_that_runs_in_the_shared_mode_is_unhealthy_although_its_check_passes()
    {
        await World.Fly.RegisterImageAsync(Harness.World.Image, ImageBehaviour.SharedMode);
        await World.StartReadyAsync();
        var user = await World.Data.CreateUserAsync("pro");

        await World.EventuallyRowAsync(user, r => r.Health == "unhealthy", "the row says so");

        Assert.Contains("run_mode", (string?)(await World.RowAsync(user)).Condition("Healthy")!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_image_that_does_not_become_healthy_is_rolled_back_to_the_last_good_one()
    {
        const string Moving = "registry.fly.io/vyx-app:stable";
        World.Environment["DOCKER_IMAGE"] = Moving;
        World.Environment["Reconciler__HealthDeadline"] = "00:00:08";
        await World.Fly.RegisterImageAsync(Moving);
        await World.StartReadyAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        await World.Fly.MoveTagAsync(Moving, "sha256:" + new string('b', 64), ImageBehaviour.Unhealthy);
        // The row says so only until the rollout has drawn its conclusion, a moment later; the journal keeps it.
        await World.EventuallyAsync(
            () => World.Database.ScalarAsync<bool>(
                "select exists (select from public.user_fly_app_events where user_id = $1 and metadata ->> 'reason' = 'RolledBack')", user),
            "the new image is rejected");
        await World.EventuallyAsync(
            async () => await World.MachineAsync(row.App) is { Running: true } now && now.Digest == machine.Digest, "the old image runs again");

        await World.Fly.MoveTagAsync(Moving, "sha256:" + new string('c', 64));
        var (_, updated) = await World.ConvergedAsync(user, (r, m) => m.Digest == "sha256:" + new string('c', 64) && r.Is("Degraded", "False"));
        Assert.Equal(machine.Id, updated.Id);
    }
}
