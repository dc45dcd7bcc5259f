namespace Soak.Soaking;

internal sealed record SoakOptions(TimeSpan Duration, int Users, int Seed, string? Reconciler);
