using Soak.Stage;

namespace Soak.Soaking;

/// <summary>What happens to the daemons, to their database, and to what the whole fleet runs. One at a time: each is a bad day.</summary>
internal sealed class BadDays(Arena arena, Random random)
{
    public const string AnotherImage = "registry.fly.io/vyx-app:another";

    private static readonly TimeSpan LongerThanTheLease = DaemonEnvironment.LeaseTtl + TimeSpan.FromSeconds(1.5);
    private int _images;

    public IReadOnlyList<Trick> Tricks() =>
    [
        new("leader killed", 1, () => WithLeaderAsync(ReplaceKilledAsync)),
        new("leader frozen past its lease", 1, () => WithLeaderAsync(leader => leader.PauseAsync(LongerThanTheLease))),
        new("database restarted, fast", 1, () => RestartDatabaseAsync(ShutdownMode.Fast)),
        new("standby killed", 1, KillStandbyAsync),
        new("database crashed", 1, () => RestartDatabaseAsync(ShutdownMode.Immediate)),
        new("connections terminated", 2, TerminateConnectionsAsync),
        new("image moved", 1, MoveImageAsync),
        new("leader asked to end", 1, () => WithLeaderAsync(ReplaceTerminatedAsync)),
        new("leader frozen briefly", 1, () => WithLeaderAsync(leader => leader.PauseAsync(TimeSpan.FromSeconds(1)))),
        new("secrets rotated", 1, RotateSecretsAsync),
        new("bad image, then a good one", 1, PushBadImageAsync),
    ];

    private async Task<bool> WithLeaderAsync(Func<Daemon, Task> act)
    {
        for (var look = 0; look < 50; look++) // the one before may have taken the lease with it
        {
            if (await arena.LeaderAsync() is { } leader)
            {
                await act(leader);
                return true;
            }

            await Task.Delay(100);
        }

        return false;
    }

    private async Task<bool> KillStandbyAsync()
    {
        var leader = await arena.LeaderAsync();
        if (arena.Daemons.Find(d => d != leader) is not { } standby)
        {
            return false;
        }

        await ReplaceKilledAsync(standby);
        return true;
    }

    private async Task ReplaceKilledAsync(Daemon daemon)
    {
        await arena.KillAsync(daemon);
        await Task.Delay(random.Next(500));
        arena.StartDaemon();
    }

    private async Task ReplaceTerminatedAsync(Daemon daemon)
    {
        var code = await arena.TerminateAsync(daemon);
        if (code != 0)
        {
            throw new InvalidOperationException($"a daemon that was asked to end ended with {code}");
        }

        arena.StartDaemon();
    }

    private async Task<bool> RestartDatabaseAsync(ShutdownMode mode)
    {
        await Task.Run(async () =>
        {
            arena.Cluster.Stop(mode);
            await Task.Delay(random.Next(1500));
            arena.Cluster.Start();
        });
        return true;
    }

    private async Task<bool> TerminateConnectionsAsync()
    {
        await arena.SuperuserAsync("""
            select pg_terminate_backend(pid) from pg_stat_activity
             where usename = 'reconciler_login' and random() < 0.5
            """);
        return true;
    }

    private async Task<bool> MoveImageAsync()
    {
        await arena.PushAsync(Arena.Image, Digest());
        return true;
    }

    private async Task<bool> PushBadImageAsync()
    {
        await arena.PushAsync(Arena.Image, Digest(), ImageBehaviour.Crash);
        await Task.Delay(TimeSpan.FromSeconds(2));
        await arena.PushAsync(Arena.Image, Digest());
        return true;
    }

    /// <summary>As a release does it: one daemon after the other gets the new values.</summary>
    private async Task<bool> RotateSecretsAsync()
    {
        arena.Canaries.Rotate();
        foreach (var daemon in arena.Daemons.ToList())
        {
            await ReplaceTerminatedAsync(daemon);
            await Task.Delay(random.Next(1000));
        }

        return true;
    }

    private string Digest() => "sha256:" + FlySimClient.HashOf($"image {++_images}");
}
