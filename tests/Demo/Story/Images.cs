using Demo.Reading;
using Demo.Stage;
using FlySim.Admin;

namespace Demo.Story;

/// <summary>The daemon is started again with an image that was never pushed, which then is.</summary>
internal static class Images
{
    /// <summary>Several looks at the registry, several resyncs of the informer.</summary>
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(3);

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(1);

    private const int MostLooks = 60;

    public static IReadOnlyList<Claim> Claims { get; } =
    [
        new("A new image, never pushed: nothing is touched", NothingTouchedAsync),
        new("… it is pushed: everyone rolls on, in place", RollsOnAsync),
    ];

    private static async Task<string> NothingTouchedAsync(Scene scene, CancellationToken cancellationToken)
    {
        var versions = Versions(await scene.Reader.FlyAsync(cancellationToken));
        var since = await scene.CallsSoFarAsync(cancellationToken);
        if (await scene.Theatre.StopDaemonAsync() is var code and not 0)
        {
            throw new ClaimFailedException($"SIGTERM ended the daemon with exit code {code}");
        }

        scene.Theatre.StartDaemon(Theatre.SecondImage);
        foreach (var person in Cast.Paying)
        {
            await scene.UntilAsync(person, SaysWhy, cancellationToken);
        }

        await Task.Delay(Watched, cancellationToken);
        var touched = await scene.Fly.CallsAsync(since, mutatingOnly: true, cancellationToken);
        if (touched.Count > 0)
        {
            throw new ClaimFailedException($"{touched[0].Operation} was sent to {touched[0].App}");
        }

        var after = Versions(await scene.Reader.FlyAsync(cancellationToken));
        return versions.SequenceEqual(after)
            ? "ImageResolved=False says why; all run on"
            : throw new ClaimFailedException($"machines were {string.Join(", ", versions)} and are {string.Join(", ", after)}");
    }

    private static async Task<string> RollsOnAsync(Scene scene, CancellationToken cancellationToken)
    {
        var before = (await scene.Reader.FlyAsync(cancellationToken)).Apps.SelectMany(a => a.LiveMachines).Select(m => m.Id).Order().ToList();
        await scene.Theatre.PushAsync(Theatre.SecondImage, cancellationToken);
        foreach (var person in Cast.Paying)
        {
            await scene.UntilAsync(person, RunsRight.For(scene, person, Theatre.SecondImage), cancellationToken);
        }

        await RolloutEndsAsync(scene, cancellationToken);
        var after = (await scene.Reader.FlyAsync(cancellationToken)).Apps.SelectMany(a => a.LiveMachines).Select(m => m.Id).Order().ToList();
        return before.SequenceEqual(after)
            ? "3 machines on deployment-2, the same ones"
            : throw new ClaimFailedException("machines were replaced instead of updated");
    }

    /// <summary>It is over when the last of them has stayed well for its time.</summary>
    public static async Task RolloutEndsAsync(Scene scene, CancellationToken cancellationToken)
    {
        for (var look = 0; look < MostLooks; look++)
        {
            var status = await scene.Theatre.CommandAsync(cancellationToken, "rollout", "status");
            if (status.ExitCode == 0)
            {
                return;
            }

            await Task.Delay(Look, cancellationToken);
        }

        throw new ClaimFailedException("the rollout does not end");
    }

    private static void SaysWhy(Expectation expect, Sighting now)
    {
        expect.Same("status", "active", now.Row?.Status);
        var condition = now.Row?.Condition("ImageResolved");
        expect.Same("ImageResolved", "False", condition?.Status);
        expect.That(
            condition?.Message.Contains(Theatre.SecondImage, StringComparison.Ordinal) is true,
            $"ImageResolved says: {condition?.Message}");
        expect.That(now.Machine is { Running: true }, "the machine does not run");
    }

    private static List<string> Versions(SimState fly) =>
        [.. fly.Apps.SelectMany(a => a.LiveMachines).Select(m => $"{m.Id} {m.InstanceId} {m.Running}").Order(StringComparer.Ordinal)];
}
