namespace Simulation.Faults;

/// <summary>Goes wrong as it is told at the time, for as long as it is told.</summary>
internal sealed class SteeredFaults : IFaultSource
{
    private static readonly Dictionary<string, FlyFault> ByName = FlyFaults.All.ToDictionary(f => f.Name, StringComparer.Ordinal);

    /// <summary>The name of what goes wrong at a call to Fly; null = all goes well.</summary>
    public Func<FlySite, string?>? Fly { get; set; }

    public Func<StoreSite, StoreFaultKind?>? Store { get; set; }

    public FlyFault? OnFly(FlySite site) => Fly?.Invoke(site) is { } name && ByName[name] is var fault && fault.Applies(site) ? fault : null;

    public StoreFaultKind? OnStore(StoreSite site) => Store?.Invoke(site) is { } kind && StoreFaults.Applies(kind, site) ? kind : null;

    public CrashPoint OnEffect() => CrashPoint.None;

    public void Begin()
    {
    }

    public void Stop() => (Fly, Store) = (null, null);
}
