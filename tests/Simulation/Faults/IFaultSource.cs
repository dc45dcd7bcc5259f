namespace Simulation.Faults;

/// <summary>Where a process dies around a side effect.</summary>
internal enum CrashPoint
{
    None,
    Before,
    After,
}

/// <summary>Decides what goes wrong at each border crossing. One decision per crossing, in the order in which they happen.</summary>
internal interface IFaultSource
{
    /// <summary>Null = the call goes well.</summary>
    FlyFault? OnFly(FlySite site);

    /// <summary>Null = the transaction goes well.</summary>
    StoreFaultKind? OnStore(StoreSite site);

    /// <summary>Asked once for each side effect: a mutating call to Fly, a writing transaction.</summary>
    CrashPoint OnEffect();

    /// <summary>Called when the part of a story begins in which things go wrong.</summary>
    void Begin();

    /// <summary>Called when the faults are to end.</summary>
    void Stop();
}

/// <summary>Nothing goes wrong.</summary>
internal sealed class NoFaults : IFaultSource
{
    public FlyFault? OnFly(FlySite site) => null;

    public StoreFaultKind? OnStore(StoreSite site) => null;

    public CrashPoint OnEffect() => CrashPoint.None;

    public void Begin()
    {
    }

    public void Stop()
    {
    }
}

/// <summary>Counts the crossings of a run in which nothing goes wrong: where the exhaustive sweep then strikes.</summary>
internal sealed class CountingFaults(bool fromReady) : IFaultSource
{
    private bool _stopped = fromReady;

    public List<FlySite> FlyCalls { get; } = [];

    public List<StoreSite> Transactions { get; } = [];

    public int Effects { get; private set; }

    public FlyFault? OnFly(FlySite site)
    {
        if (!_stopped)
        {
            FlyCalls.Add(site);
        }

        return null;
    }

    public StoreFaultKind? OnStore(StoreSite site)
    {
        if (!_stopped)
        {
            Transactions.Add(site);
        }

        return null;
    }

    public CrashPoint OnEffect()
    {
        Effects += _stopped ? 0 : 1;
        return CrashPoint.None;
    }

    public void Begin() => _stopped = false;

    public void Stop() => _stopped = true;
}

/// <summary>Strikes exactly where it is told: the n-th call, transaction or effect.</summary>
internal sealed class PlannedFaults(bool fromReady) : IFaultSource
{
    private bool _waits = fromReady;
    private int _fly;
    private int _store;
    private int _effect;

    public (int Index, FlyFault Fault)? Fly { get; init; }

    public (int Index, StoreFaultKind Kind)? Store { get; init; }

    public IReadOnlyList<(int Index, CrashPoint Point)> Crashes { get; init; } = [];

    /// <summary>How many of them struck.</summary>
    public int Struck { get; private set; }

    public FlyFault? OnFly(FlySite site)
    {
        if (!_waits && Fly is { } planned && planned.Index == _fly++ && planned.Fault.Applies(site))
        {
            Struck++;
            return planned.Fault;
        }

        return null;
    }

    public StoreFaultKind? OnStore(StoreSite site)
    {
        if (!_waits && Store is { } planned && planned.Index == _store++ && StoreFaults.Applies(planned.Kind, site))
        {
            Struck++;
            return planned.Kind;
        }

        return null;
    }

    public CrashPoint OnEffect()
    {
        if (_waits)
        {
            return CrashPoint.None;
        }

        var index = _effect++;
        foreach (var (at, point) in Crashes)
        {
            if (at == index)
            {
                Struck++;
                return point;
            }
        }

        return CrashPoint.None;
    }

    public void Begin() => _waits = false;

    public void Stop()
    {
    }
}
