namespace Demo.Stage;

/// <summary>Somebody whom the story is about.</summary>
internal sealed record Person(string Name, Guid Id);

/// <summary>Fixed ids, so that each run shows the same app names.</summary>
internal static class Cast
{
    /// <summary>Signs up free and upgrades to pro.</summary>
    public static readonly Person Ada = new("Ada", new Guid("63eea370-27a1-4099-866a-e3ed340b278d"));

    /// <summary>Pro before the daemon's first start.</summary>
    public static readonly Person Ben = new("Ben", new Guid("0c8f4a52-5f0e-4a3e-9d57-2b1f7a90c6e1"));

    /// <summary>Elite before the daemon's first start; leaves and comes back.</summary>
    public static readonly Person Cleo = new("Cleo", new Guid("b7d2e6c9-83a4-4f1b-8e60-51c3d9f2a704"));

    /// <summary>Free, and stays so.</summary>
    public static readonly Person Dan = new("Dan", new Guid("e41b90d7-6c25-4e8a-b3f9-07a6d58c1e32"));

    public static IReadOnlyList<Person> Everyone { get; } = [Ada, Ben, Cleo, Dan];

    public static IReadOnlyList<Person> Paying { get; } = [Ada, Ben, Cleo];
}
