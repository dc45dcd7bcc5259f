using FlyApi;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Secrets;
using Store;

namespace Reconciler.Applying;

/// <summary>Making, electing, changing and starting the machine.</summary>
internal sealed class MachineSteps(IFlyApi fly, IStore store, AppSteps apps, ISecretSource secrets, TimeProvider time, Func<string> newId)
{
    private const string HostIsFull = "its host has no room or is under maintenance";

    public async Task<ApplyStop?> SetSecretsAsync(Step.SetSecrets step, ApplyContext context, CancellationToken cancellationToken)
    {
        if (context.SecretsTampered)
        {
            // To set them is to put Fly's digests right, and these were the only sign that a machine may have booted with other values:
            // whatever fails after it, or a crash, would leave nothing that says so.
            return new ApplyStop.Wait(Reasons.SecretsTampered, "somebody changed the app's secrets; that is written down, then they are set again", TimeSpan.Zero);
        }

        if (secrets.ValuesFor(context.UserId, step.Digest) is not { } values)
        {
            return new ApplyStop.Wait(Reasons.SecretsStale, "the secrets changed while the plan was made", TimeSpan.Zero);
        }

        var update = await fly.SetSecretsAsync(step.App, values.ToDictionary(v => v.Key, v => (string?)v.Value, StringComparer.Ordinal), cancellationToken);
        var digests = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var set = update.Secrets.Where(s => values.ContainsKey(s.Name) && s.Digest is not null).ToList();
        foreach (var secret in set)
        {
            digests[secret.Name] = secret.Digest!;
        }

        var changedAt = context.Memory.SecretsRewritten ? null : set.Max(s => s.UpdatedAt);
        context.Memory = context.Memory with
        {
            Secrets = new SecretsMemory(step.Digest, update.Version, digests, changedAt),
            SecretsRewritten = false,
        };
        return null;
    }

    public async Task<ApplyStop?> CheckCapacityAsync(Step.CheckCapacity step, ApplyContext context, CancellationToken cancellationToken)
    {
        var placements = await fly.GetPlacementsAsync(context.Snapshot.Desired.OrgSlug, step.Region, step.Guest, 1, cancellationToken);
        return placements.Count > 0 && placements.All(p => p.Count < 1)
            ? new ApplyStop.Failed(
                Reasons.FlyCapacity,
                $"{step.Region} has no room for {step.Guest.Cpus} CPU/{step.Guest.MemoryMb} MB; the old machine is left alone",
                Queueing.BackoffClass.Capacity,
                step.Kind,
                null,
                null)
            : null;
    }

    public async Task<ApplyStop?> CreateAsync(Step.CreateMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        var lease = context.Leadership.Token;
        var intent = new CreateIntent(newId(), "machine", step.App, context.UserId, step.MachineName);
        await store.OpenIntentAsync(lease, intent, cancellationToken);
        context.Leadership.EnsureCanAct();
        try
        {
            context.NewMachine = await fly.CreateMachineAsync(step.App, Request(step, context, intent.LaunchId), cancellationToken);
        }
        catch (FlyApiException exception) when (exception is { Detail: FlyErrorDetail.MachineNameTaken, ExistingMachineId: { } existing })
        {
            // The name is fixed per app, so whoever holds it is the machine we want: made by a call whose answer was lost.
            context.NewMachine = await fly.GetMachineAsync(step.App, existing, cancellationToken);
            context.NewMachineWasFound = true;
            await store.CloseIntentAsync(lease, intent.LaunchId, cancellationToken);
            return context.NewMachine is null
                ? new ApplyStop.Wait(Reasons.OutcomeUnknown, $"machine {existing} holds the name and cannot be read yet", context.Snapshot.Policy.Timings.Poll)
                : null;
        }
        catch (FlyApiException exception) when (exception.Class != FlyErrorClass.AmbiguousOutcome)
        {
            await store.CloseIntentAsync(lease, intent.LaunchId, cancellationToken);
            if (context.Memory is { Rejected.Final: true, LastGood: not null })
            {
                GiveUpRollback(exception, context);
            }

            throw;
        }

        context.Memory = context.Memory with
        {
            Pending = new PendingChange("create", context.NewMachine.Id, context.NewMachine.InstanceId, null, step.Spec, time.GetUtcNow()),
            MustReplace = null,
            Trouble = null,
        };
        await store.CloseIntentAsync(lease, intent.LaunchId, cancellationToken);
        return null;
    }

    public async Task<ApplyStop?> ElectAsync(Step.ElectMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        var machine = step.MachineId ?? context.NewMachine!.Id;
        if (!await store.ElectMachineAsync(context.Leadership.Token, context.UserId, step.App, step.Expected, machine, cancellationToken))
        {
            return new ApplyStop.Wait(Reasons.FlyConflict, "another reconcile elected a machine meanwhile", TimeSpan.Zero);
        }

        context.ElectedMachineId = machine;
        await apps.CloseIntentsAsync(context, step.App, "machine", cancellationToken);
        return step.MachineId is not null || context.NewMachineWasFound
            ? new ApplyStop.Wait(Reasons.MachineAdopted, $"machine {machine} was found and taken over", TimeSpan.Zero)
            : null;
    }

    public async Task<ApplyStop?> UnelectAsync(Step.UnelectMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        if (!await store.ElectMachineAsync(context.Leadership.Token, context.UserId, step.App, step.MachineId, null, cancellationToken))
        {
            return new ApplyStop.Wait(Reasons.FlyConflict, "another reconcile elected a machine meanwhile", TimeSpan.Zero);
        }

        context.ElectedMachineId = null;
        context.Memory = context.Memory with { Pending = null, Trouble = null };
        return null;
    }

    public async Task<ApplyStop?> StartAsync(Step.StartMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        var machine = step.MachineId ?? context.NewMachine!.Id;
        if (machine != context.ElectedMachineId)
        {
            return new ApplyStop.Wait(Reasons.FlyConflict, $"machine {machine} is not the elected one", TimeSpan.Zero);
        }

        try
        {
            await fly.StartMachineAsync(step.App, machine, cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Detail is FlyErrorDetail.WrongState or FlyErrorDetail.ConcurrentUpdate)
        {
            // Right after a create or update the machine is not startable yet.
            return new ApplyStop.Wait(Reasons.WaitingForMachine, $"machine {machine} cannot be started yet", context.Snapshot.Policy.Timings.Poll);
        }
        catch (FlyApiException exception) when (exception.Detail == FlyErrorDetail.HostCapacity)
        {
            context.Memory = context.Memory with { MustReplace = HostIsFull };
            throw;
        }

        var now = time.GetUtcNow(); // one instant: a version that was started when it began to be watched is not one that never ran
        if (step.Reason is Reasons.MachineStopped or Reasons.MachineFailed or Reasons.Provisioning)
        {
            context.Memory = CrashBackoff.Count(context.Memory, now);
        }

        if (context.Memory is { Pending: null, Rejected: null, LastGood: { } good } && good.Hash != step.Spec.Hash)
        {
            // It was stopped before it could prove itself: from here on it is watched as the update that it is.
            context.Memory = context.Memory with { Pending = new PendingChange("update", machine, null, null, step.Spec, now) };
        }

        return null;
    }

    public async Task<ApplyStop?> UpdateAsync(Step.UpdateMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        var version = context.Memory.Secrets?.Version;
        var request = new UpdateMachineRequest
        {
            Config = MachineConfigBuilder.Build(step.Spec, context.UserId, version ?? 0, null, step.Machine.Config),
            Region = step.Machine.Region,
            CurrentVersion = step.Machine.InstanceId,
            MinSecretsVersion = version,
        };
        Machine updated;
        try
        {
            updated = await fly.UpdateMachineAsync(step.App, step.Machine.Id, request, cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Detail == FlyErrorDetail.HostCapacity)
        {
            context.Memory = context.Memory with { MustReplace = HostIsFull };
            throw;
        }
        catch (FlyApiException exception) when (step.IsRollback)
        {
            GiveUpRollback(exception, context);
            throw;
        }

        context.Memory = context.Memory with
        {
            Pending = new PendingChange(
                step.IsRollback ? "rollback" : "update",
                updated.Id,
                updated.InstanceId,
                step.Machine.InstanceId,
                step.Spec,
                time.GetUtcNow()),
            Trouble = null,
        };
        return null;
    }

    public async Task<ApplyStop?> RestartAsync(Step.RestartMachine step, ApplyContext context, CancellationToken cancellationToken)
    {
        await fly.RestartMachineAsync(step.App, step.MachineId, cancellationToken);
        context.Memory = CrashBackoff.Count(context.Memory, time.GetUtcNow());
        return null;
    }

    /// <summary>What was good cannot be had any more, and what was rejected is better than a machine that does not run.</summary>
    private static void GiveUpRollback(FlyApiException exception, ApplyContext context)
    {
        if (Failure.Classify(exception).Reason == Reasons.ImageUnresolved)
        {
            context.Memory = context.Memory with { LastGood = null, Rejected = null };
        }
    }

    private static CreateMachineRequest Request(Step.CreateMachine step, ApplyContext context, string launchId) => new()
    {
        Name = step.MachineName,
        Region = step.Spec.Region,
        Config = MachineConfigBuilder.Build(step.Spec, context.UserId, context.Memory.Secrets?.Version ?? 0, launchId, existing: null),
        SkipLaunch = true, // nothing starts before it is elected
        MinSecretsVersion = context.Memory.Secrets?.Version,
    };
}
