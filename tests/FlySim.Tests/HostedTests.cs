namespace FlySim.Tests;

/// <summary>Tests that hold whatever carries the requests: each class has one sealed child for each host.</summary>
public abstract class HostedTests(Host host)
{
    private protected Task<Sim> StartAsync(Func<SimSettings, SimSettings>? settings = null, bool realTime = false) =>
        Sim.StartAsync(host, settings, realTime);

    private protected Task<Sim> StartWithAppAsync(Func<SimSettings, SimSettings>? settings = null, bool realTime = false) =>
        Sim.StartWithAppAsync(host, settings, realTime);
}
