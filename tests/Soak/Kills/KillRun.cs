namespace Soak.Kills;

internal sealed record KillOptions(int Count, int Seed, string? Reconciler);

internal static class KillRun
{
    public static Task<int> RunAsync(KillOptions options) => Task.FromResult(options.Count);
}
