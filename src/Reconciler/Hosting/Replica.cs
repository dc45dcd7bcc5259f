namespace Reconciler.Hosting;

/// <summary>
/// One replica at work: keeps the view of Fly and the policy warm, contends for the lease, and leads while it has it. The
/// daemon is this with a host around it.
/// </summary>
internal static class Replica
{
    /// <param name="core">The object graph of this process.</param>
    /// <param name="term">From <see cref="Core.Term"/>.</param>
    /// <param name="stopping">Asks to drain, release the lease and return.</param>
    /// <exception cref="LoopEndedException">A loop that must never end has ended.</exception>
    public static async Task RunAsync(Core core, ControllerTerm term, CancellationToken stopping)
    {
        using var warm = new CancellationTokenSource();
        var informing = core.Informer.RunAsync(warm.Token);
        await core.Policies.RefreshAsync(stopping);
        var watching = core.Policies.RunAsync(warm.Token);
        var leading = core.Elector.RunAsync(term.RunAsync, stopping);

        // The view and the policy outlive the drain: reconciles under way still need them.
        var first = await Task.WhenAny(leading, informing, watching);
        await warm.CancelAsync();
        await first;
        if (first != leading)
        {
            throw new LoopEndedException(first == informing ? "informer" : "policy", first.Exception);
        }
    }
}
