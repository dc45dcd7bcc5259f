using FlyApi;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Applying;

/// <summary>One switch: from a step to its call. The bigger steps have files of their own beside this one.</summary>
internal sealed class StepRunner(IFlyApi fly, IStore store, AppSteps apps, MachineSteps machines, DestroySteps destroys)
{
    /// <returns>Null when the step is done; otherwise why the rest of the plan must wait.</returns>
    public async Task<ApplyStop?> RunAsync(Step step, ApplyContext context, CancellationToken cancellationToken)
    {
        var lease = context.Leadership.Token;
        switch (step)
        {
            case Step.CreateApp create:
                return await apps.CreateAsync(create, context, cancellationToken);
            case Step.TakeOwnership take:
                await store.RecordOwnershipAsync(
                    lease, take.App, context.UserId, context.Snapshot.Desired.OrgSlug, take.Origin, cancellationToken);
                await apps.CloseIntentsAsync(context, take.App, "app", cancellationToken);
                return null;
            case Step.RenameApp rename:
                return await apps.RenameAsync(rename, context, cancellationToken);
            case Step.AllocateAddress allocate:
                await fly.AllocateIpAsync(allocate.App, allocate.Type, cancellationToken);
                return null;
            case Step.ReleaseApp release:
                return await apps.ReleaseAsync(release, context, cancellationToken);
            case Step.CloseIntents close:
                await apps.CloseIntentsAsync(context, close.App, null, cancellationToken);
                return null;
            case Step.SetSecrets set:
                return await machines.SetSecretsAsync(set, context, cancellationToken);
            case Step.CheckCapacity check:
                return await machines.CheckCapacityAsync(check, context, cancellationToken);
            case Step.CreateMachine create:
                return await machines.CreateAsync(create, context, cancellationToken);
            case Step.ElectMachine elect:
                return await machines.ElectAsync(elect, context, cancellationToken);
            case Step.StartMachine start:
                return await machines.StartAsync(start, context, cancellationToken);
            case Step.UpdateMachine update:
                return await machines.UpdateAsync(update, context, cancellationToken);
            case Step.PatchMetadata patch:
                await fly.PatchMetadataAsync(patch.App, patch.MachineId, patch.Changes, cancellationToken);
                return null;
            case Step.RestartMachine restart:
                return await machines.RestartAsync(restart, context, cancellationToken);
            case Step.StopMachine stop:
                return await destroys.StopAsync(stop, context, cancellationToken);
            case Step.DestroyMachine destroy:
                return await destroys.DestroyAsync(destroy, context, cancellationToken);
            case Step.ConfirmGone confirm:
                return await destroys.ConfirmGoneAsync(confirm, context, cancellationToken);
            case Step.UnelectMachine unelect:
                return await machines.UnelectAsync(unelect, context, cancellationToken);
            case Step.DeleteApp delete:
                return await destroys.DeleteAppAsync(delete, context, cancellationToken);
            case Step.DeleteFormerApp delete:
                return await destroys.DeleteFormerAppAsync(delete, context, cancellationToken);
            case Step.ReleaseFormerApp release:
                await store.ReleaseOwnershipAsync(lease, release.App, cancellationToken);
                await apps.CloseIntentsAsync(context, release.App, null, cancellationToken);
                return null;
            default:
                throw new InvalidOperationException($"the step {step.Kind} has no implementation");
        }
    }
}
