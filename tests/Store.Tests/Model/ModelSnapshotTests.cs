using Store.Tests.Contract;
using Store.Tests.Differential;
using StoreModel;

namespace Store.Tests.Model;

public sealed class ModelSnapshotTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_snapshot_is_the_database_as_it_was_however_often_it_is_restored(int seed)
    {
        var world = new ModelWorld();
        await world.InitializeAsync();
        await using var listener = await Listener.OpenAsync(world);
        var (steps, side, random) = (new Steps(seed), new Side(world, listener), new Random(seed));
        var taken = new List<(StoreSnapshot Snapshot, string Dump)>();

        for (var i = 0; i < 400; i++)
        {
            await RunAsync(steps.Next(), side);
            if (random.Next(5) == 0)
                taken.Add((world.Database.Snapshot(), await DumpAsync(world)));
            if (random.Next(20) == 0 && taken.Count > 0)
            {
                var (snapshot, dump) = taken[random.Next(taken.Count)];
                world.Database.Restore(snapshot);
                Assert.Equal(dump, await DumpAsync(world));
            }
        }

        foreach (var (snapshot, dump) in taken)
        {
            world.Database.Restore(snapshot);
            Assert.Equal(dump, await DumpAsync(world));
        }
    }

    [Fact]
    public async Task The_same_history_gives_the_same_database()
    {
        Assert.Equal(await HistoryAsync(), await HistoryAsync());

        static async Task<string> HistoryAsync()
        {
            var world = new ModelWorld();
            await world.InitializeAsync();
            await using var listener = await Listener.OpenAsync(world);
            var (steps, side) = (new Steps(7), new Side(world, listener));
            for (var i = 0; i < 300; i++)
                await RunAsync(steps.Next(), side);
            return await DumpAsync(world) + string.Join('\n', await listener.UntilNowAsync());
        }
    }

    [Fact]
    public async Task A_failover_loses_the_last_commits_and_an_epoch_may_come_twice()
    {
        var world = new ModelWorld();
        await world.InitializeAsync();
        var user = await world.PayingUserAsync();
        var before = world.Database.Snapshot();
        await world.SetTierAsync(user.UserId, "free");
        var lost = (await world.Leases.TryAcquireAsync("race", "one", TimeSpan.FromMinutes(1), default)).Token!;

        world.Database.Restore(before);

        Assert.Equal("pro", (await world.UserAsync(user.UserId)).Tier);
        var again = (await world.Leases.TryAcquireAsync("race", "two", TimeSpan.FromMinutes(1), default)).Token!;
        Assert.Equal(lost.Epoch, again.Epoch);
        await Assert.ThrowsAsync<StaleEpochException>(() => world.Store.WriteFleetStateAsync(lost, "x", "1", default));
    }

    private static async Task RunAsync(Step step, Side side)
    {
        side.Now = await side.World.NowAsync();
        try
        {
            await step.Run(side);
        }
        catch (Exception)
        {
            // A refused step is a step like any other.
        }
    }

    private static async Task<string> DumpAsync(ModelWorld world) =>
        await world.DumpAsync() + string.Join('\n', world.Database.LeaseRows);
}
