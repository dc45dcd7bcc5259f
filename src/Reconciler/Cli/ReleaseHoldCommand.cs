using System.Text.Json;
using Reconciler.Guarding;

namespace Reconciler.Cli;

/// <summary><c>release-hold</c>: an operator's word that the shrink tripwire held back something intended.</summary>
internal static class ReleaseHoldCommand
{
    public static async Task<int> RunAsync(string owner, string reason, CancellationToken cancellationToken)
    {
        using var loggers = CommandContext.Loggers();
        await using var stores = CommandContext.OpenStores(CommandContext.ReadDatabaseUrl(), loggers);
        var json = await stores.Store.ReadFleetStateAsync(FleetGuard.HistoryKey, cancellationToken);
        var history = CensusHistory.Read(json, TimeProvider.System.GetUtcNow(), out var repaired);
        if (repaired)
        {
            await Out.ErrorAsync("The guard's memory was edited; the daemon that leads writes it anew within seconds: run this again then.");
            return ExitCodes.NotConverged;
        }

        if (history.ReleaseKey is not { } key)
        {
            Console.Out.WriteLine("Nothing is held.");
            return ExitCodes.Fine;
        }

        var release = new HoldRelease(owner, reason, TimeProvider.System.GetUtcNow());
        await stores.Store.GetOrCreateFleetStateAsync(key, JsonSerializer.Serialize(release, GuardJson.Default.HoldRelease), cancellationToken);
        Out.Line($"Released: {history.Hold}");
        return ExitCodes.Fine;
    }
}
