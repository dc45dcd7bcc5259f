using Demo.Stage;

namespace Demo.Story;

/// <summary>Cleo stops paying, and comes back.</summary>
internal static class Leaving
{
    public static IReadOnlyList<Claim> Claims { get; } =
    [
        new("Cleo downgrades: her machine is stopped at once", StoppedAsync),
        new("… after the grace the app goes, the row stays", RemovedAsync),
        new("Cleo upgrades again: the same row comes back", BackAsync),
    ];

    private static async Task<string> StoppedAsync(Scene scene, CancellationToken cancellationToken)
    {
        var before = await scene.Reader.OneAsync(Cast.Cleo, cancellationToken);
        scene.LeftRow = before.Row!.Id;
        await scene.Theatre.Database.Data.SetTierAsync(Cast.Cleo.Id, "free");
        await scene.UntilAsync(
            Cast.Cleo,
            (expect, now) =>
            {
                expect.That(now.Machine is not null, "the app or its machine is gone before the grace is over");
                expect.Same("machine", before.Machine!.Id, now.Machine.Id);
                expect.Same("state", "stopped", now.Machine.State);
                expect.That(!now.Machine.Running, "the machine's program still runs");
                expect.Same("tier in the row", "free", now.Row!.Tier);
                expect.Same("status", "deprovisioning", now.Row.Status);
                expect.Same("Ready", "StoppedInGrace", now.Row.Condition("Ready")?.Reason);
            },
            cancellationToken);
        return $"stopped; kept for {DaemonEnvironment.Grace.TotalSeconds:0} s, she may return";
    }

    private static async Task<string> RemovedAsync(Scene scene, CancellationToken cancellationToken)
    {
        await scene.UntilAsync(
            Cast.Cleo,
            (expect, now) =>
            {
                expect.That(now.App is null, "the app still exists");
                expect.Same("status", "deleted", now.Row!.Status);
                expect.Same("row", scene.LeftRow, now.Row.Id);
                expect.That(now.Row.DeletedAt is not null, "deleted_at is not set");
                expect.Same("machine_id", null, now.Row.MachineId);
            },
            cancellationToken);
        var events = await scene.Reader.EventsAsync(Cast.Cleo);
        var missing = new[] { "deprovision_requested", "deprovision_started", "deprovision_completed" }.Except(events).ToList();
        return missing.Count == 0 ? "app gone; status deleted, events kept" : throw new ClaimFailedException($"no event {missing[0]}");
    }

    private static async Task<string> BackAsync(Scene scene, CancellationToken cancellationToken)
    {
        await scene.Theatre.Database.Data.SetTierAsync(Cast.Cleo.Id, "elite");
        await scene.UntilAsync(
            Cast.Cleo,
            (expect, now) =>
            {
                expect.Same("row", scene.LeftRow, now.Row!.Id);
                expect.Same("tier in the row", "elite", now.Row.Tier);
                RunsRight.For(scene, Cast.Cleo)(expect, now);
            },
            cancellationToken);
        return $"row {scene.LeftRow.ToString()[..8]}… again, a new machine";
    }
}
