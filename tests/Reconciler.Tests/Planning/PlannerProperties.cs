using CsCheck;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reporting;

namespace Reconciler.Tests.Planning;

/// <summary>What holds for every snapshot. A failure prints the seed that replays it (<c>CsCheck_Seed</c>).</summary>
public sealed class PlannerProperties
{
    private const int Iterations = 20_000;

    [Fact]
    public void The_same_snapshot_gives_the_same_plan() => Check((snapshot, plan) =>
    {
        var again = Planner.Plan(snapshot);
        Assert.Equal((plan.Verdict, plan.Reason, plan.Message, plan.RequeueAfter), (again.Verdict, again.Reason, again.Message, again.RequeueAfter));
        Assert.Equal(plan.Lines(), again.Lines());
        Assert.Equal(ReportJson.Write(plan.Memory), ReportJson.Write(again.Memory));
    });

    [Fact]
    public void Nothing_is_started_or_made_beside_a_machine_that_may_run() => Check((snapshot, plan) =>
    {
        var running = snapshot.Observed.Machines
            .Where(m => m.MayRun() || m.State is MachineStates.Stopping or MachineStates.Destroying).Select(m => m.Id).ToHashSet();
        running.UnionWith(snapshot.Observed.Former.Where(f => f.Presence == AppPresence.Ours).SelectMany(f => f.Machines)
            .Where(m => m.MayRun() || m.State is MachineStates.Stopping or MachineStates.Destroying).Select(m => m.Id));
        foreach (var step in plan.Steps)
        {
            switch (step)
            {
                case Step.ConfirmGone gone:
                    running.Remove(gone.MachineId);
                    break;
                case Step.StartMachine start:
                    Assert.Empty(running.Where(id => id != start.MachineId));
                    break;
                case Step.CreateMachine:
                    Assert.Empty(running);
                    break;
                case Step.UpdateMachine update:
                    Assert.Empty(running.Where(id => id != update.Machine.Id && !IsLeaving(snapshot, id)));
                    break;
            }
        }
    });

    [Fact]
    public void Only_the_elected_machine_is_ever_started() => Check((snapshot, plan) =>
    {
        var elected = snapshot.User.MachineId ?? "none";
        foreach (var step in plan.Steps)
        {
            switch (step)
            {
                case Step.UnelectMachine unelect:
                    Assert.Equal(elected, unelect.MachineId);
                    elected = "none";
                    break;
                case Step.ElectMachine elect:
                    Assert.Equal(elected, elect.Expected ?? "none");
                    elected = elect.MachineId ?? "new";
                    break;
                case Step.StartMachine start:
                    Assert.Equal(elected, start.MachineId ?? "new");
                    break;
                case Step.UpdateMachine update:
                    Assert.Equal(elected, update.Machine.Id);
                    break;
                case Step.RestartMachine restart:
                    Assert.Equal(elected, restart.MachineId);
                    break;
            }
        }
    });

    [Fact]
    public void A_machine_is_made_only_after_the_one_before_is_confirmed_gone_and_un_elected() => Check((snapshot, plan) =>
    {
        var kinds = plan.Steps.ToList();
        var create = kinds.FindIndex(s => s is Step.CreateMachine);
        if (create < 0)
        {
            return;
        }

        foreach (var destroy in kinds.OfType<Step.DestroyMachine>())
        {
            Assert.InRange(kinds.FindIndex(s => s is Step.ConfirmGone gone && gone.MachineId == destroy.MachineId), kinds.IndexOf(destroy) + 1, create - 1);
        }

        Assert.True(snapshot.User.MachineId is null || kinds.Take(create).Any(s => s is Step.UnelectMachine));
        Assert.Equal(["create_machine", "elect_machine", "start_machine"], kinds.Skip(create).Select(s => s.Kind));
    });

    [Fact]
    public void Nothing_is_destroyed_beyond_the_budget_or_under_a_hold() => Check((snapshot, plan) =>
        Assert.InRange(plan.Steps.Count(s => s.IsDestructive), 0, snapshot.Guards.Hold is null ? snapshot.Guards.DestroysLeft : 0));

    [Fact]
    public void Under_a_hold_nobody_loses_a_machine_that_may_run_but_a_duplicate() => Check((snapshot, plan) =>
    {
        if (snapshot.Guards.Hold is not null)
        {
            Assert.Empty(plan.Steps.OfType<Step.StopMachine>().Where(s => s.Reason is not (Reasons.DuplicateMachine or Reasons.FormerApp)));
        }
    });

    [Fact]
    public void A_paused_user_is_not_touched() => Check((snapshot, plan) => Assert.True(!snapshot.Desired.Paused || plan.Steps.Count == 0));

    [Fact]
    public void Whoever_should_run_keeps_the_app_and_whoever_should_not_gets_nothing_started() => Check((snapshot, plan) =>
    {
        var run = snapshot.Desired.Phase == Phase.Run;
        Assert.DoesNotContain(plan.Steps, s => run
            ? s is Step.DeleteApp or Step.ReleaseApp
            : s is Step.CreateApp or Step.CreateMachine or Step.StartMachine or Step.UpdateMachine or Step.RestartMachine or Step.SetSecrets);
    });

    [Fact]
    public void Nothing_is_done_to_an_app_that_is_not_ours() => Check((snapshot, plan) =>
        Assert.True(snapshot.Observed.App != AppPresence.Foreign || plan.Steps.All(s => s is Step.RenameApp or Step.ReleaseApp || s.Reason == Reasons.FormerApp)));

    [Fact]
    public void Of_an_app_that_the_row_no_longer_names_only_what_is_ours_is_touched_and_nothing_is_started_before_it_is_gone() => Check((snapshot, plan) =>
    {
        var ours = snapshot.Observed.Former.Where(f => f.Presence == AppPresence.Ours).ToList();
        foreach (var step in plan.Steps)
        {
            switch (step)
            {
                case Step.StopMachine stop when stop.App != snapshot.Desired.AppName:
                    Assert.Contains(ours.Single(f => f.App == stop.App).Machines, m => m.Id == stop.MachineId);
                    break;
                case Step.DeleteFormerApp delete:
                    Assert.Contains(ours, f => f.App == delete.App);
                    break;
                case Step.ReleaseFormerApp release:
                    Assert.Equal(AppPresence.Missing, snapshot.Observed.Former.Single(f => f.App == release.App).Presence);
                    break;
            }
        }

        if (ours.Count > 0)
        {
            Assert.DoesNotContain(plan.Steps, s => s is Step.CreateMachine or Step.StartMachine);
        }

        if (!snapshot.Desired.Paused && ours.Exists(f => f.Machines.Any(m => m.MayRun())))
        {
            Assert.All(plan.Steps, s => Assert.True(s is Step.StopMachine or Step.DeleteFormerApp));
            Assert.NotEmpty(plan.Steps);
        }
    });

    [Fact]
    public void Steps_and_verdict_agree() => Check((_, plan) =>
    {
        Assert.Equal(plan.Verdict == Verdict.Act, plan.Steps.Count > 0);
        Assert.True(plan.Verdict != Verdict.Wait || plan.RequeueAfter > TimeSpan.Zero);
        Assert.True(plan.RequeueAfter is null || plan.RequeueAfter >= TimeSpan.Zero);
        Assert.NotEqual("", plan.Message);
        Assert.Contains(plan.Reason, AllReasons);
    });

    [Fact]
    public void A_settled_user_that_should_run_has_one_healthy_elected_machine_as_wished() => Check((snapshot, plan) =>
    {
        if (plan.Verdict == Verdict.Settled && snapshot.Desired.Phase == Phase.Run)
        {
            var elected = snapshot.Observed.Machines.Single(m => m.Id == snapshot.User.MachineId);
            Assert.Equal((MachineStates.Started, HealthState.Healthy), (elected.State, plan.Health.State));
            Assert.Empty(plan.Drifts);
            Assert.Equal(plan.Spec!.Region, elected.Region);
            Assert.DoesNotContain(snapshot.Observed.Machines, m => m.Id != elected.Id && m.MayRun());
        }
    });

    [Fact]
    public void Nothing_that_is_said_holds_a_secret_or_a_clock() => Check((snapshot, plan) =>
    {
        var later = Planner.Plan(snapshot with { Now = snapshot.Now.AddMilliseconds(1) });
        var said = string.Join('\n', plan.Lines().Concat(plan.Steps.Select(s => s.Describe())).Concat(plan.Drifts.Select(d => d.ToString()))
            .Concat(plan.Notes.Select(n => n.Message)).Append(plan.Message).Append(plan.Health.Message));
        Assert.DoesNotContain(SnapshotBuilder.SecretValue, said, StringComparison.Ordinal);
        Assert.DoesNotContain("2026", said, StringComparison.Ordinal);
        Assert.True(later.Reason != plan.Reason || later.Verdict != plan.Verdict || later.Message == plan.Message);
    });

    [Fact]
    public void Looking_again_finds_out_nothing_new() => Check((snapshot, plan) =>
    {
        var again = Planner.Plan(snapshot with { Memory = plan.Memory, Guards = snapshot.Guards with { Forced = false } });
        Assert.Empty(again.Notes);
        Assert.Equal(ReportJson.Write(plan.Memory), ReportJson.Write(again.Memory));
        Assert.Equal((plan.Verdict, plan.Reason, plan.Message), (again.Verdict, again.Reason, again.Message));
        Assert.Equal(plan.Lines(), again.Lines());
    });

    [Fact]
    public void The_memory_survives_the_database() => Check((snapshot, plan) =>
    {
        var json = ReportJson.Write(plan.Memory);
        Assert.Equal(json, ReportJson.Write(ReportJson.ReadMemory(json, snapshot.Now)));
    });

    private static readonly string[] AllReasons =
        [.. typeof(Reasons).GetFields().Select(f => (string)f.GetRawConstantValue()!)];

    private static bool IsLeaving(Snapshot snapshot, string id) =>
        snapshot.Observed.Machines.Concat(snapshot.Observed.Former.SelectMany(f => f.Machines)).Single(m => m.Id == id).State is MachineStates.Stopping or MachineStates.Destroying;

    private static void Check(Action<Snapshot, Plan> holds) => SnapshotGen.Any.Sample(
        snapshot => holds(snapshot, Planner.Plan(snapshot)),
        iter: Iterations,
        print: snapshot => $"{snapshot}\nmachines: {string.Join("\n  ", snapshot.Observed.Machines)}\nplan: {string.Join(", ", Planner.Plan(snapshot).Lines())}");
}
