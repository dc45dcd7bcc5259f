using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Observing;
using Reconciler.Queueing;
using Store;

namespace Reconciler.Tests.Observing;

public sealed class FleetDifferTests
{
    private static readonly OrgMachine Row = FleetViewTests.Row("a", "m1");
    private static readonly AppSummary Converged = new(
        Guid.Empty, "a", "pro", Run: true, Live: true, Settled: true, "m1", Fingerprint.Of("wish", Row.Id, Row.InstanceId, Row.State, Row.Region));

    public static TheoryData<string, Priority?> Cases => new()
    {
        { "as left", null },
        { "unsettled", Priority.Resync },
        { "never converged", Priority.Resync },
        { "no machine", Priority.Incident },
        { "no machine in an incomplete view", null },
        { "two machines", Priority.Incident },
        { "stopped", Priority.Incident },
        { "another machine", Priority.Incident },
        { "new version", Priority.Rollout },
        { "moved", Priority.Rollout },
        { "new wish", Priority.Rollout },
        { "no wish known", null },
        { "free and stopped as left", null },
        { "free and started", Priority.Incident },
        { "free and gone from the books", null },
        { "gone from the books with a machine", Priority.Incident },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_pass_finds_who_differs(string name, Priority? expected)
    {
        var stopped = Row with { State = MachineStates.Stopped };
        var free = Converged with
        {
            Run = false, Tier = "free", Fingerprint = Fingerprint.Of(Fingerprint.StoppedWish, stopped.Id, stopped.InstanceId, stopped.State, stopped.Region),
        };
        var gone = free with { Live = false, Settled = false, Fingerprint = 0 };
        var (user, rows, complete, wish) = name switch
        {
            "unsettled" => (Converged with { Settled = false }, [Row], true, "wish"),
            "never converged" => (Converged with { Fingerprint = 0 }, [Row], true, "wish"),
            "no machine" => (Converged, [], true, "wish"),
            "no machine in an incomplete view" => (Converged, [], false, "wish"),
            "two machines" => (Converged, [Row, Row with { Id = "m2" }], true, "wish"),
            "stopped" => (Converged, [stopped], true, "wish"),
            "another machine" => (Converged, [Row with { Id = "m2" }], true, "wish"),
            "new version" => (Converged, [Row with { InstanceId = "v2" }], true, "wish"),
            "moved" => (Converged, [Row with { Region = "fra" }], true, "wish"),
            "new wish" => (Converged, [Row], true, "another"),
            "no wish known" => (Converged, [Row], true, null),
            "free and stopped as left" => (free, [stopped], true, "wish"),
            "free and started" => (free, [Row], true, "wish"),
            "free and gone from the books" => (gone, [], true, "wish"),
            "gone from the books with a machine" => (gone, [Row], true, "wish"),
            _ => (Converged, new[] { Row }, true, (string?)"wish"),
        };
        var machines = rows.Length == 0 ? [] : new Dictionary<string, List<OrgMachine>> { ["a"] = [.. rows] };
        var wishes = wish is null ? [] : new Dictionary<WishKey, string> { [new WishKey("pro", null)] = wish };

        var found = FleetDiffer.Differences([user], machines, complete, wishes).ToList();

        Assert.Equal(expected, found.Count == 0 ? null : found.Single().Priority);
    }
}
