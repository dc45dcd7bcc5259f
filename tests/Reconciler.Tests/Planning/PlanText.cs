using Reconciler.Planning;

namespace Reconciler.Tests.Planning;

/// <summary>Plans in a form that fits on the line of a test.</summary>
internal static class PlanText
{
    public static string[] Lines(this Plan plan) => [.. plan.Steps.Select(Line)];

    public static string Line(this Step step) => step switch
    {
        Step.DestroyMachine s => $"{s.Kind} {s.MachineId}",
        Step.ConfirmGone s => $"{s.Kind} {s.MachineId}",
        Step.UnelectMachine s => $"{s.Kind} {s.MachineId}",
        Step.ElectMachine s => $"{s.Kind} {s.Expected ?? "none"} -> {s.MachineId ?? "new"}",
        Step.StartMachine s => $"{s.Kind} {s.MachineId ?? "new"}",
        Step.StopMachine s => $"{s.Kind} {s.MachineId}",
        Step.RestartMachine s => $"{s.Kind} {s.MachineId}",
        Step.UpdateMachine s => $"{s.Kind} {s.Machine.Id}",
        Step.CheckCapacity s => $"{s.Kind} {s.Region}",
        Step.DeleteFormerApp s => $"{s.Kind} {s.App}",
        Step.ReleaseFormerApp s => $"{s.Kind} {s.App}",
        Step.RenameApp s => $"{s.Kind} {s.NewName}",
        Step.AllocateAddress s => $"{s.Kind} {s.Type}",
        Step.PatchMetadata s => $"{s.Kind} {string.Join(',', s.Changes.Keys)}",
        _ => step.Kind,
    };

    /// <summary>Verdict, reason, and the steps: what most tests compare.</summary>
    public static void ShouldBe(this Plan plan, Verdict verdict, string reason, params string[] steps)
    {
        Assert.Equal((verdict, reason), (plan.Verdict, plan.Reason));
        Assert.Equal(steps, plan.Lines());
    }
}
