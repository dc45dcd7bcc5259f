using FlyApi;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Applying;

/// <summary>Everything that takes away. Each asks the database once more, right before the call, whether the wish still stands.</summary>
internal sealed class DestroySteps(IFlyApi fly, IStore store, BudgetTill till)
{
    public async Task<ApplyStop?> StopAsync(Step.StopMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        var changed = step.Reason switch
        {
            Reasons.Deprovisioning => await WishChangedAsync(context, cancellationToken),
            Reasons.FormerApp => await IsWantedAgainAsync(step.App, context, cancellationToken),
            _ => null,
        };
        if (changed is not null)
        {
            return changed;
        }

        context.Leadership.EnsureCanAct();
        await fly.StopMachineAsync(step.App, step.MachineId, cancellationToken);
        return null;
    }

    public async Task<ApplyStop?> DestroyAsync(Step.DestroyMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        if (await till.DrawAsync(context, $"{step.App}/{step.MachineId}", cancellationToken) is { } refused)
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
        if (machine is not null && MachineStates.IsTerminal(machine.State))
        {
            return null;
        }

        // On one misleading 404 its successor would be started beside it: looks over a while have to agree, which the next plans see to.
        return new ApplyStop.Wait(
            Reasons.WaitingForMachine,
            $"machine {step.MachineId} is {machine?.State ?? "not found"}; its successor waits until it is proven gone",
            context.Snapshot.Policy.Timings.Poll);
    }

    public async Task<ApplyStop?> DeleteAppAsync(Step.DeleteApp step, ApplyContext context, CancellationToken cancellationToken)
    {
        var changed = await WishChangedAsync(context, cancellationToken);
        return changed ?? await DeleteAsync(step.App, context, cancellationToken);
    }

    public async Task<ApplyStop?> DeleteFormerAppAsync(Step.DeleteFormerApp step, ApplyContext context, CancellationToken cancellationToken)
    {
        var changed = await IsWantedAgainAsync(step.App, context, cancellationToken);
        return changed ?? await DeleteAsync(step.App, context, cancellationToken);
    }

    private async Task<ApplyStop?> DeleteAsync(string app, ApplyContext context, CancellationToken cancellationToken)
    {
        if (await till.DrawAsync(context, app, cancellationToken) is { } refused)
        {
            return refused;
        }

        context.Leadership.EnsureCanAct();
        await fly.DeleteAppAsync(app, cancellationToken);
        return null;
    }

    /// <summary>The user may have come back since the snapshot: the row as it is now decides, not the one we planned on.</summary>
    private async Task<ApplyStop?> WishChangedAsync(ApplyContext context, CancellationToken cancellationToken)
    {
        var now = await store.ReadUserUnderLeaseAsync(context.Leadership.Token, context.UserId, cancellationToken);
        var stands = now is not null && !now.Entitled && !now.Paused && now.Generation == context.Snapshot.User.Generation
            && now.AppName == context.AppName && now.Ownership is { ReleasedAt: null };
        return stands ? null : new ApplyStop.Wait(Reasons.Deprovisioning, "the wish changed while the plan was made", TimeSpan.Zero);
    }

    /// <summary>A row may have taken the name up again, or the record may be released: then it is not for us to remove.</summary>
    private async Task<ApplyStop?> IsWantedAgainAsync(string app, ApplyContext context, CancellationToken cancellationToken)
    {
        var now = await store.ReadUserUnderLeaseAsync(context.Leadership.Token, context.UserId, cancellationToken);
        return now is { Paused: false } && now.FormerApps.Contains(app, StringComparer.Ordinal)
            ? null
            : new ApplyStop.Wait(Reasons.FormerApp, "the wish changed while the plan was made", TimeSpan.Zero);
    }
}
