using Reconciler.Reconciling;
using Reconciler.Tests.Applying;
using Reconciler.Tests.Planning;
using Store;

namespace Reconciler.Tests.Reconciling;

/// <summary>The subscription is paid again, and the trigger that should have dug the row up did not run.</summary>
public sealed class BuriedRowTests
{
    [Fact]
    public async Task Whoever_is_back_is_dug_up_before_anything_is_done_because_nothing_said_of_a_buried_row_is_kept()
    {
        using var app = Without(new SimulatedApp(Buried()));

        await app.ReconcileAsync();

        Assert.Null(app.Store.User.DeletedAt);
        Assert.Equal(app.Store.User.Generation, app.Store.User.ObservedGeneration);
        Assert.NotEmpty(app.Fly.Writes);
    }

    [Fact]
    public async Task Nothing_is_done_for_whoever_cannot_be_dug_up()
    {
        using var app = Without(new SimulatedApp(Buried(), digsUp: false));

        var result = await app.ReconcileAsync();

        Assert.Equal((ReconcileOutcome.Failed, TimeSpan.FromSeconds(15)), (result.Outcome, result.After));
        Assert.Empty(app.Fly.Writes);
        Assert.Equal(0, app.Store.RowWrites);
    }

    [Fact]
    public async Task Whoever_has_left_stays_buried()
    {
        using var app = Without(new SimulatedApp(Buried().With((UserApp u) => u with { Tier = "free" })));

        await app.ReconcileAsync();

        Assert.NotNull(app.Store.User.DeletedAt);
        Assert.Empty(app.Fly.Writes);
    }

    private static SimulatedApp Without(SimulatedApp app)
    {
        app.Fly.AppExists = false;
        return app;
    }

    private static SnapshotBuilder Buried() => new SnapshotBuilder()
        .NeverProvisioned()
        .With((UserApp u) => u with { Status = "deleted", DeletedAt = SnapshotBuilder.Start.AddHours(-1).UtcDateTime });
}
