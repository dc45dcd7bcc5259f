namespace Simulation.Faults;

/// <summary>
/// A seed's faults. Each seed leaves out a random half of the kinds (swarm testing: what never happens together hides more than
/// rare things do) and has rates of its own. Every fault that strikes has a number, by which a shrunk replay leaves it out.
/// </summary>
internal sealed class SwarmFaults : IFaultSource
{
    private readonly SimRandom _random;
    private readonly Disturbances _disturbances;
    private readonly Dictionary<FlyFault, double> _fly = [];
    private readonly Dictionary<StoreFaultKind, double> _store = [];
    private readonly double _crash;
    private bool _stopped;

    public SwarmFaults(SimRandom random, Disturbances disturbances)
    {
        (_random, _disturbances) = (random, disturbances);
        var rate = random.Pick([0.0, 0.01, 0.03, 0.1]);
        foreach (var fault in FlyFaults.All)
        {
            if (random.Chance(0.5))
            {
                _fly[fault] = rate * random.NextDouble();
            }
        }

        var storeRate = random.Pick([0.0, 0.003, 0.02]);
        foreach (var kind in StoreFaults.All)
        {
            if (random.Chance(0.5))
            {
                _store[kind] = storeRate * random.NextDouble();
            }
        }

        _crash = random.Pick([0.0, 0.0, 0.004, 0.02]);
    }

    public FlyFault? OnFly(FlySite site)
    {
        if (_stopped)
        {
            return null;
        }

        // One roll for all kinds: the first whose share of [0, 1) holds it.
        var roll = _random.NextDouble();
        foreach (var fault in FlyFaults.All)
        {
            if (!_fly.TryGetValue(fault, out var rate) || (roll -= rate) >= 0)
            {
                continue;
            }

            return fault.Applies(site) && _disturbances.Happens($"{fault.Name} at {site.Operation}") ? fault : null;
        }

        return null;
    }

    public StoreFaultKind? OnStore(StoreSite site)
    {
        if (_stopped)
        {
            return null;
        }

        var roll = _random.NextDouble();
        foreach (var kind in StoreFaults.All)
        {
            if (!_store.TryGetValue(kind, out var rate) || (roll -= rate) >= 0)
            {
                continue;
            }

            return StoreFaults.Applies(kind, site) && _disturbances.Happens($"{kind} at {site.Method}") ? kind : null;
        }

        return null;
    }

    public CrashPoint OnEffect()
    {
        if (_stopped || !_random.Chance(_crash))
        {
            return CrashPoint.None;
        }

        var point = _random.Chance(0.5) ? CrashPoint.Before : CrashPoint.After;
        return _disturbances.Happens($"crash {point} an effect") ? point : CrashPoint.None;
    }

    public void Begin()
    {
    }

    public void Stop() => _stopped = true;
}
