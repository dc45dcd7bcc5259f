using Reconciler.Guarding;
using Reconciler.Model;
using Store;

namespace Reconciler.Applying;

/// <summary>Where what takes away, or may leave something behind, is paid for.</summary>
internal sealed class BudgetTill(IStore store, IFleetGuard guard)
{
    /// <param name="context">Who draws.</param>
    /// <param name="subject">What for; drawing again for the same is free.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null when it is granted.</returns>
    public async Task<ApplyStop?> DrawAsync(ApplyContext context, string subject, CancellationToken cancellationToken)
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
