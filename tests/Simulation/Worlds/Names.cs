namespace Simulation.Worlds;

/// <summary>Names and values that every simulated world shares. The secrets are canaries: found anywhere, they give the leak away.</summary>
internal static class Names
{
    public const string Org = "vyx";
    public const string Region = "sin";
    public const string Image = "registry.fly.io/vyx-app:deployment-1";
    public const string NextImage = "registry.fly.io/vyx-app:deployment-2";
    public const string BadImage = "registry.fly.io/vyx-app:deployment-bad";
    public const string IllImage = "registry.fly.io/vyx-app:deployment-ill";
    public const string SharedApp = "vyx-app";
    public const string Token = "FlyV1 canary-token-7d1e9a40c2";
    public const string ServiceKey = "sb_secret_canary-key-one-51fd20b9";
    public const string NextServiceKey = "sb_secret_canary-key-two-88ac31e7";
    public const string Host = "http://fly.sim/";

    /// <summary>What must never be seen outside a request's body and a machine's environment.</summary>
    public static IReadOnlyList<string> Canaries { get; } =
    [
        "canary-token-7d1e9a40c2", "canary-key-one-51fd20b9", "canary-key-two-88ac31e7", "canary-gemini-3c", "canary-braintrust-9f",
        "canary-project-aa", "canary-router-b7",
    ];
}
