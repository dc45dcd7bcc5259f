using System.Globalization;
using System.Text.Json.Nodes;
using Demo.Reading;
using Demo.Stage;
using FlySim.Admin;

namespace Demo.Story;

/// <summary>The daemon is started again with the order to follow the image that another app runs; then that app is deployed.</summary>
internal static class Following
{
    private const string Leader = Theatre.FollowedApp;

    public static IReadOnlyList<Claim> Claims { get; } =
    [
        new("Told to follow app vyx-backend: nobody moves", NobodyMovesAsync),
        new("… its next deployment is seen within one poll", SeenWithinOnePollAsync),
    ];

    private static async Task<string> NobodyMovesAsync(Scene scene, CancellationToken cancellationToken)
    {
        await scene.Fly.PlantAppAsync(
            new PlantApp
            {
                Name = Leader,
                Machines = [new PlantMachine { Region = DaemonEnvironment.Region, Config = Backend() }],
            },
            cancellationToken);
        if (await scene.Theatre.StopDaemonAsync() is var code and not 0)
        {
            throw new ClaimFailedException($"SIGTERM ended the daemon with exit code {code}");
        }

        var since = await scene.CallsSoFarAsync(cancellationToken);
        scene.Theatre.StartDaemon("follow:" + Leader);
        // By the third look, what the first one found has long been acted on.
        await scene.UntilAsync(
            async () => (await LooksAsync(scene, since, cancellationToken)).Count < 3 ? $"{Leader} is not looked at" : null, cancellationToken);
        foreach (var person in Cast.Paying)
        {
            await scene.UntilAsync(person, RunsRight.For(scene, person, Theatre.SecondImage), cancellationToken);
        }

        var touched = await scene.Fly.CallsAsync(since, mutatingOnly: true, cancellationToken);
        return touched.Count == 0
            ? "it runs deployment-2, as they do"
            : throw new ClaimFailedException($"{touched[0].Operation} was sent to {touched[0].App}");
    }

    private static async Task<string> SeenWithinOnePollAsync(Scene scene, CancellationToken cancellationToken)
    {
        await scene.Theatre.PushAsync(Theatre.ThirdImage, cancellationToken);
        var since = await scene.CallsSoFarAsync(cancellationToken);
        var deployed = await DeployAsync(scene, cancellationToken);
        foreach (var person in Cast.Paying)
        {
            await scene.UntilAsync(person, RunsRight.For(scene, person, Theatre.ThirdImage), cancellationToken);
        }

        var everybody = DateTimeOffset.UtcNow - deployed;
        var seen = await DaemonLog.FirstAsync(scene.Theatre.LogFile, DaemonLog.FleetImageResolved, deployed, cancellationToken)
            ?? throw new ClaimFailedException("the log does not tell of the new image");
        var looks = (await LooksAsync(scene, since, cancellationToken)).Count(c => c.Time >= deployed && c.Time <= seen);
        // Counted, not timed: a machine that is busy makes a look late, and only a product that is wrong needs two.
        if (looks > 1)
        {
            throw new ClaimFailedException($"it took {looks} looks at {Leader} to see the deployment");
        }

        await Images.RolloutEndsAsync(scene, cancellationToken);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"poll {DaemonEnvironment.ImagePoll.TotalSeconds:0} s: seen in {(seen - deployed).TotalSeconds:0.0} s, run in {everybody.TotalSeconds:0.0} s");
    }

    /// <summary>The program does not start without an address and a key.</summary>
    private static JsonObject Backend() => new()
    {
        ["image"] = Theatre.SecondImage,
        ["env"] = new JsonObject { ["SUPABASE_URL"] = "https://project.supabase.co", ["SUPABASE_SERVICE_KEY"] = "theirs" },
    };

    /// <summary>Returns when, by Fly's clock: a look that arrives later finds the deployment.</summary>
    private static async Task<DateTimeOffset> DeployAsync(Scene scene, CancellationToken cancellationToken)
    {
        await scene.Fly.EditMachineAsync(
            Leader, (await BackendAsync()).Id, new EditMachine { Image = Theatre.ThirdImage }, cancellationToken);
        return (await BackendAsync()).UpdatedAt;

        async Task<MachineState> BackendAsync() => (await scene.Reader.FlyAsync(cancellationToken)).App(Leader)!.LiveMachines.Single();
    }

    private static async Task<IReadOnlyList<LoggedCall>> LooksAsync(Scene scene, long since, CancellationToken cancellationToken) =>
        [.. (await scene.Fly.CallsAsync(since, cancellationToken: cancellationToken)).Where(c => c is { Operation: "machines.list", App: Leader })];
}
