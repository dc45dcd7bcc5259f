using FlyApi;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Planning;
using Store;

namespace Reconciler.Applying;

/// <summary>Creating, renaming and releasing the app.</summary>
internal sealed class AppSteps(IFlyApi fly, IStore store, BudgetTill till, TimeProvider time, Func<string> newId)
{
    private const int MaxCandidates = 100;

    public async Task<ApplyStop?> CreateAsync(Step.CreateApp step, ApplyContext context, CancellationToken cancellationToken)
    {
        var lease = context.Leadership.Token;
        var earlier = context.Snapshot.User.Intents.FirstOrDefault(i => i.Kind == "app" && i.AppName == step.App);
        // An earlier one is opened again, from now on: since it was read, whoever opened it may have closed it, and what may still land
        // is this call.
        var intent = new CreateIntent(earlier?.LaunchId ?? newId(), "app", step.App, context.UserId, null);
        await store.OpenIntentAsync(lease, intent, cancellationToken);
        context.Leadership.EnsureCanAct();
        try
        {
            await fly.CreateAppAsync(new CreateAppRequest(step.App, step.OrgSlug), cancellationToken);
        }
        catch (FlyApiException exception) when (exception.Class == FlyErrorClass.NameTaken)
        {
            // With an intent from before, the holder may be our own earlier call: keep it as evidence.
            if (earlier is null)
            {
                await store.CloseIntentAsync(lease, intent.LaunchId, cancellationToken);
            }

            context.Memory = context.Memory with { NameTakenAt = time.GetUtcNow() };
            return new ApplyStop.Wait(Reasons.AppNameTaken, $"the name {step.App} is taken; looking who holds it", TimeSpan.Zero);
        }
        catch (FlyApiException exception) when (exception.Class != FlyErrorClass.AmbiguousOutcome && earlier is null)
        {
            await store.CloseIntentAsync(lease, intent.LaunchId, cancellationToken);
            throw;
        }

        // That it was missing before is no reason to doubt the one that stands there now.
        context.Memory = context.Memory with { AwaySince = null };
        await store.RecordOwnershipAsync(lease, step.App, context.UserId, step.OrgSlug, OwnershipOrigin.Created, cancellationToken);
        await store.CloseIntentAsync(lease, intent.LaunchId, cancellationToken);
        return null;
    }

    public async Task<ApplyStop?> RenameAsync(Step.RenameApp step, ApplyContext context, CancellationToken cancellationToken)
    {
        // Whoever denies us every app at once would otherwise make a second fleet beside the first.
        if (context.Snapshot.User.Ownership is { ReleasedAt: null } && await till.DrawAsync(context, step.OldName, cancellationToken) is { } refused)
        {
            return refused;
        }

        await CloseIntentsAsync(context, step.OldName, null, cancellationToken);
        var (name, prefix) = (step.NewName, context.Snapshot.Policy.AppNamePrefix);
        for (var candidate = 0; candidate <= MaxCandidates; candidate++)
        {
            try
            {
                var renamed = await store.RenameAppAsync(context.Leadership.Token, context.UserId, step.OldName, name, cancellationToken);
                if (renamed)
                {
                    // The elected machine was the other app's; the store has forgotten it with the name.
                    (context.AppName, context.ElectedMachineId) = (name, null);
                }

                context.Memory = context.Memory with { NameTakenAt = null, AwaySince = null, Secrets = null };
                return new ApplyStop.Wait(Reasons.AppNameTaken, $"the app is now named {context.AppName}", TimeSpan.Zero);
            }
            catch (AppNameInUseException)
            {
                name = AppNames.Candidate(prefix, context.UserId, candidate + 1);
            }
        }

        return new ApplyStop.Guarded(
            Reasons.AppNameTaken, $"the first {MaxCandidates} names of this user are all taken; change AppNamePrefix", TimeSpan.FromHours(1));
    }

    public async Task<ApplyStop?> ReleaseAsync(Step.ReleaseApp step, ApplyContext context, CancellationToken cancellationToken)
    {
        if (context.ElectedMachineId is { } machine)
        {
            await store.ElectMachineAsync(context.Leadership.Token, context.UserId, step.App, machine, null, cancellationToken);
            context.ElectedMachineId = null;
        }

        await store.ReleaseOwnershipAsync(context.Leadership.Token, step.App, cancellationToken);
        await CloseIntentsAsync(context, step.App, null, cancellationToken);
        return null;
    }

    /// <param name="context">Whose intents.</param>
    /// <param name="app">Those of another name are about another app, which may still be made.</param>
    /// <param name="kind">Null for every kind.</param>
    /// <param name="cancellationToken">Cancels the wait, not a write that was sent.</param>
    public async Task CloseIntentsAsync(ApplyContext context, string app, string? kind, CancellationToken cancellationToken)
    {
        foreach (var intent in context.Snapshot.User.Intents.Where(i => i.AppName == app && (kind is null || i.Kind == kind)))
        {
            await store.CloseIntentAsync(context.Leadership.Token, intent.LaunchId, cancellationToken);
        }
    }
}
