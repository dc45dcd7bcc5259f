namespace FlySim.Tests;

/// <summary>What carries requests to the simulator.</summary>
public enum Host
{
    Http,
    InProcess,
}
