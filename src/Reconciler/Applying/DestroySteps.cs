using FlyApi;
using FlyApi.Contracts;
using Reconciler.Guarding;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Applying;

/// <summary>Everything that takes away. Each asks the database once more, right before the call, whether the wish still stands.</summary>
internal sealed class DestroySteps(IFlyApi fly, IStore store, IFleetGuard guard)
{
    public async Task<ApplyStop?> StopAsync(Step.StopMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        if (step.Reason == Reasons.Deprovisioning && await WishChangedAsync(context, cancellationToken) is { } changed)
        {
            return changed;
        }

        context.Leadership.EnsureCanAct();
        await fly.StopMachineAsync(step.App, step.MachineId, cancellationToken);
        return null;
    }

    public async Task<ApplyStop?> DestroyAsync(Step.DestroyMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        if (await DrawAsync(context, $"{step.App}/{step.MachineId}", cancellationToken) is { } refused)
        {
            return refused;
        }

        context.Leadership.EnsureCanAct();
        await fly.DeleteMachineAsync(step.App, step.MachineId, force: true, cancellationToken);
        return null;
    }

    public async Task<ApplyStop?> ConfirmGoneAsync(Step.ConfirmGone step, ApplyContext context, CancellationToken cancellationToken)
    {
        var machine = await fly.GetMachineAsync(step.App, step.MachineId, cancellationToken);

        // On one misleading 404 its successor would be started beside it: where it is not found by its id, the list has to agree.
        machine ??= (await fly.ListMachinesAsync(step.App, cancellationToken)).FirstOrDefault(m => m.Id == step.MachineId);
        return machine is null || MachineStates.IsTerminal(machine.State)
            ? null
            : new ApplyStop.Wait(
                Reasons.WaitingForMachine,
                $"machine {step.MachineId} is {machine.State}; its successor waits until it is gone",
                context.Snapshot.Policy.Timings.Poll);
    }

    public async Task<ApplyStop?> DeleteAppAsync(Step.DeleteApp step, ApplyContext context, CancellationToken cancellationToken)
    {
        if (await WishChangedAsync(context, cancellationToken) is { } changed)
        {
            return changed;
        }

        if (await DrawAsync(context, step.App, cancellationToken) is { } refused)
        {
            return refused;
        }

        context.Leadership.EnsureCanAct();
        await fly.DeleteAppAsync(step.App, cancellationToken);
        return null;
    }

    /// <summary>The user may have come back since the snapshot: the row as it is now decides, not the one we planned on.</summary>
    private async Task<ApplyStop?> WishChangedAsync(ApplyContext context, CancellationToken cancellationToken)
    {
        var now = await store.ReadUserAsync(context.UserId, cancellationToken);
        var stands = now is not null && !now.Entitled && !now.Paused && now.Generation == context.Snapshot.User.Generation
            && now.AppName == context.AppName && now.Ownership is { ReleasedAt: null };
        return stands ? null : new ApplyStop.Wait(Reasons.Deprovisioning, "the wish changed while the plan was made", TimeSpan.Zero);
    }

    private async Task<ApplyStop?> DrawAsync(ApplyContext context, string subject, CancellationToken cancellationToken)
    {
        var limit = context.Snapshot.Guards.Approved ? int.MaxValue : await guard.DestroyLimitAsync(cancellationToken);
        var draw = await store.TryDrawDestroyAsync(context.Leadership.Token, subject, limit, cancellationToken);
        return draw.Granted
            ? null
            : new ApplyStop.Guarded(
                Reasons.DestroyBudget,
                $"this hour's destroy budget of {limit} is spent",
                TimeSpan.FromMinutes(1));
    }
}
