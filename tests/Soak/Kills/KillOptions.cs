namespace Soak.Kills;

internal sealed record KillOptions(int Count, int Seed, string? Reconciler);
