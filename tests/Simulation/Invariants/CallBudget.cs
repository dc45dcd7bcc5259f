namespace Simulation.Invariants;

/// <summary>Bounded work: no user costs more than so many calls a minute, whatever goes wrong with it.</summary>
internal sealed class CallBudget(SimWorld world)
{
    /// <summary>A look every two seconds at a machine on its way is thirty, of up to four calls, with two retries of each that fails.</summary>
    private const int CallsPerMinute = 240;

    private const int MutationsPerMinute = 40;

    private readonly Dictionary<string, (long Minute, int Calls, int Mutations)> _apps = new(StringComparer.Ordinal);

    public void Count(string app, bool mutating)
    {
        var minute = world.Scheduler.Ticks / TimeSpan.TicksPerMinute;
        var (known, calls, mutations) = _apps.GetValueOrDefault(app);
        (calls, mutations) = known == minute ? (calls + 1, mutations) : (1, 0);
        mutations += mutating ? 1 : 0;
        _apps[app] = (minute, calls, mutations);
        var actors = world.LeaseOff ? world.Nodes.Count : 1;
        if (calls > CallsPerMinute * actors || mutations > MutationsPerMinute * actors)
        {
            world.Violate("bounded-work", $"{app}: {calls} calls, {mutations} of them mutating, within a minute");
        }
    }
}
