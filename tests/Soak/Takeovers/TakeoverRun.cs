namespace Soak.Takeovers;

internal static class TakeoverRun
{
    public static Task<int> RunAsync(int count, int seed) => Task.FromResult(count + seed);
}

internal static class FrozenLeader
{
    public const string Puppet = "puppet";

    public static Task<int> ActAsync() => Task.FromResult(0);
}
