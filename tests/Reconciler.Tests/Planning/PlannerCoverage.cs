using CsCheck;
using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

/// <summary>The properties are worth what the snapshots reach: every verdict, every kind of step, nearly every reason.</summary>
public sealed class PlannerCoverage
{
    [Fact]
    public void Random_snapshots_reach_every_verdict_and_every_kind_of_step()
    {
        var reached = new System.Collections.Concurrent.ConcurrentDictionary<string, bool>(StringComparer.Ordinal);
        SnapshotGen.Any.Sample(
            snapshot =>
            {
                var plan = Planner.Plan(snapshot);
                reached[plan.Verdict.ToString()] = true;
                foreach (var step in plan.Steps)
                {
                    reached[step.Kind] = true;
                }
            },
            iter: 200_000,
            seed: "0000000000001");

        Assert.Equal(
            [
                "Act", "Blocked", "Settled", "Wait", "allocate_address", "check_capacity", "close_intents", "confirm_gone", "create_app", "create_machine", "delete_app",
                "delete_former_app", "destroy_machine", "elect_machine", "patch_metadata", "release_app", "release_former_app", "rename_app", "restart_machine", "rollback_machine",
                "set_secrets", "start_machine", "stop_machine", "take_ownership", "unelect_machine", "update_machine",
            ],
            reached.Keys.Order(StringComparer.Ordinal));
    }
}
