using Store;

namespace Reconciler.Cli;

/// <summary>Leaves an order for the leader in the database, and waits a little for the answer.</summary>
internal static class RolloutOrderCommand
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <param name="kind">From <see cref="RolloutAsk.Kind"/>.</param>
    /// <param name="owner">Who decides.</param>
    /// <param name="reason">Why.</param>
    /// <param name="length">After which a pause ends by itself; null = it does not.</param>
    /// <param name="cancellationToken">Ends the wait; the order stays.</param>
    public static async Task<int> RunAsync(string kind, string owner, string reason, TimeSpan? length, CancellationToken cancellationToken)
    {
        if (length <= TimeSpan.Zero)
        {
            await Out.ErrorAsync("--for must be longer than nothing.");
            return ExitCodes.BadConfiguration;
        }

        using var loggers = CommandContext.Loggers();
        await using var stores = CommandContext.OpenStores(CommandContext.ReadDatabaseUrl(), loggers);
        var time = TimeProvider.System;
        var until = length is { } some ? time.GetUtcNow() + some : (DateTimeOffset?)null;
        var order = await stores.Store.AskRolloutAsync(new RolloutAsk(kind, owner, reason, until?.UtcDateTime), cancellationToken);
        var started = time.GetTimestamp();
        while (time.GetElapsedTime(started) < Patience)
        {
            if (await stores.Store.ReadRolloutAnswerAsync(order, cancellationToken) is { } answer)
            {
                Out.Line(answer);
                return answer.StartsWith("there is", StringComparison.Ordinal) ? ExitCodes.NotConverged : ExitCodes.Fine;
            }

            await Task.Delay(Look, time, cancellationToken);
        }

        await Out.ErrorAsync($"Order {order} is recorded. No leader has answered yet; it is taken up when one leads.");
        return ExitCodes.NotConverged;
    }
}
