namespace FlySim;

/// <summary>What a simulator is started with and keeps.</summary>
public sealed record FlySimOptions
{
    /// <summary>0 = any free port.</summary>
    public int Port { get; init; }

    /// <summary>The IP address to listen on.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>The organisation that the token belongs to.</summary>
    public string Org { get; init; } = "vyx";

    /// <summary>The only token accepted, with or without its scheme.</summary>
    public string Token { get; init; } = "sim-token";

    /// <summary>Where a machine lands whose create names no region: "near the caller" on the real platform.</summary>
    public string DefaultRegion { get; init; } = "sjc";

    /// <summary>Of ids, names and the faults' probabilities.</summary>
    public int Seed { get; init; } = 1;

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    /// <summary>How many requests the call log remembers; 0 = it is not kept, only counted.</summary>
    public int KeptCalls { get; init; } = 200_000;

    public SimSettings Settings { get; init; } = new();
}
