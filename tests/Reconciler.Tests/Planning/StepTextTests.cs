using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

/// <summary>What a person is shown of a step, and which call to Fly it names.</summary>
public sealed class StepTextTests
{
    private const string Why = "Why";

    private static readonly Dictionary<Step, (string? Call, string Text)> Steps = new()
    {
        [new Step.CreateApp("a", "org", Why)] = ("POST /v1/apps", "create app a in org"),
        [new Step.TakeOwnership("a", OwnershipOrigin.Adopted, Why)] = (null, "record that app a is ours (Adopted)"),
        [new Step.RenameApp("a", "b", Why)] = (null, "use the name b instead of a"),
        [new Step.AllocateAddress("a", "v6", Why)] = ("POST /v1/apps/a/ip_assignments", "allocate a v6 address"),
        [new Step.SetSecrets("a", ["X", "Y"], "digest", Why)] = ("POST /v1/apps/a/secrets", "set 2 app secrets (X, Y)"),
        [new Step.CheckCapacity("sin", new("shared", 2, 512), Why)] = (null, "check that sin has room for 2 CPU/512 MB"),
        [new Step.CreateMachine("a", "a-main", SnapshotBuilder.Spec, Why)] = (
            "POST /v1/apps/a/machines",
            "create machine a-main in sin, 2 CPU/512 MB, registry.fly.io/vyx-app:deployment-1, not launched"),
        [new Step.ElectMachine("a", null, "m1", Why)] = (null, "elect machine m1"),
        [new Step.ElectMachine("a", "m1", null, Why)] = (null, "elect machine {new}"),
        [new Step.UnelectMachine("a", "m1", Why)] = (null, "un-elect machine m1"),
        [new Step.StartMachine("a", "m1", SnapshotBuilder.Spec, Why)] = ("POST /v1/apps/a/machines/m1/start", "start machine m1"),
        [new Step.StartMachine("a", null, SnapshotBuilder.Spec, Why)] = ("POST /v1/apps/a/machines/{new}/start", "start machine {new}"),
        [Update(isRollback: false)] = ("POST /v1/apps/a/machines/m1", "update machine m1 in place"),
        [Update(isRollback: true)] = ("POST /v1/apps/a/machines/m1", "roll back machine m1 in place"),
        [new Step.PatchMetadata("a", "m1", new SortedDictionary<string, string?> { ["k"] = "v", ["l"] = null }, Why)] = (
            "PATCH /v1/apps/a/machines/m1/metadata",
            "change metadata k, l without a restart"),
        [new Step.StopMachine("a", "m1", Why)] = ("POST /v1/apps/a/machines/m1/stop", "stop machine m1"),
        [new Step.RestartMachine("a", "m1", Why)] = ("POST /v1/apps/a/machines/m1/restart", "restart machine m1"),
        [new Step.DestroyMachine("a", "m1", Why)] = ("DELETE /v1/apps/a/machines/m1", "destroy machine m1"),
        [new Step.ConfirmGone("a", "m1", Why)] = (null, "confirm by id that machine m1 is gone"),
        [new Step.DeleteApp("a", Why)] = ("DELETE /v1/apps/a", "delete app a with everything in it"),
        [new Step.ReleaseApp("a", Why)] = (null, "record that app a is gone"),
        [new Step.DeleteFormerApp("a", Why)] = ("DELETE /v1/apps/a", "delete app a, which the user's row no longer names, with everything in it"),
        [new Step.ReleaseFormerApp("a", Why)] = (null, "record that app a, which the user's row no longer names, is gone"),
        [new Step.CloseIntents("a", Why)] = (null, "forget create calls whose outcome is known"),
    };

    [Fact]
    public void Every_step_says_what_it_does_and_which_call_it_makes() =>
        Assert.All(Steps, step => Assert.Equal(step.Value, (step.Key.Call, step.Key.Describe())));

    [Fact]
    public void Only_what_takes_something_away_for_good_is_destructive() =>
        Assert.Equal(["destroy_machine", "delete_app", "delete_former_app"], Steps.Keys.Where(s => s.IsDestructive).Select(s => s.Kind));

    [Fact]
    public void No_kind_of_step_is_left_out() =>
        Assert.Equal(
            typeof(Step).GetNestedTypes().Where(t => t.IsSubclassOf(typeof(Step))).Select(t => t.Name).Order(StringComparer.Ordinal),
            Steps.Keys.Select(s => s.GetType().Name).Distinct().Order(StringComparer.Ordinal));

    private static Step Update(bool isRollback) =>
        new Step.UpdateMachine("a", SnapshotBuilder.MachineOf(SnapshotBuilder.Spec, "m1"), SnapshotBuilder.Spec, isRollback, Why);
}
