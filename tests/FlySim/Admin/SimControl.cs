using FlySim.Worlds;

namespace FlySim.Admin;

/// <summary>
/// Everything that can be done to the world and asked of it behind the API's back: the admin API as plain calls. Takes effect at
/// once and raises <see cref="World.Changed"/>. Its other files each hold one subject.
/// </summary>
public sealed partial class SimControl
{
    private readonly World _world;

    internal SimControl(World world) => _world = world;

    /// <summary>The whole world, values as hashes only. Dear: for a look now and then.</summary>
    public SimState State() => _world.Snapshot();

    public SimSettings Settings => _world.Settings;

    public IReadOnlyList<FaultRule> Faults => _world.Run(() => _world.Faults);

    /// <param name="since">Only calls with a larger sequence number.</param>
    public IReadOnlyList<LoggedCall> Calls(long since = 0, bool mutatingOnly = false) => _world.Run(() => _world.Calls(since, mutatingOnly));

    public void ClearCalls() => _world.Run(_world.ClearCalls);

    /// <summary>From now on <see cref="SimState.FewestUsersRunning"/> counts.</summary>
    public void WatchRunning() => _world.Run(_world.WatchUsers);

    public void AddFault(FaultRule rule) => _world.Mutate(() => _world.AddFault(rule));

    public void ClearFaults() => _world.Mutate(_world.ClearFaults);

    /// <summary>Replaces all settings.</summary>
    public SimSettings ChangeSettings(SimSettings settings) => ChangeSettings(_ => settings);

    /// <summary>Changes some settings, for example <c>s => s with { BootMs = 5000 }</c>.</summary>
    public SimSettings ChangeSettings(Func<SimSettings, SimSettings> change) => _world.Mutate(() =>
    {
        _world.Change(change(_world.Settings));
        return _world.Settings;
    });

    /// <param name="capacity">Machines the region takes in all; null = no limit.</param>
    public void LimitRegion(string region, int? capacity) => _world.Mutate(() => _world.LimitRegion(region, capacity));

    public void SetSupabaseKeys(SupabaseKeys keys) => _world.Mutate(() => _world.SetSupabaseKeys(keys));

    /// <summary>From now on only this token is accepted.</summary>
    public void ChangeToken(string token) => _world.Mutate(() => _world.ChangeToken(token));

    /// <summary>From now on the token is another organisation's; what the first one has is refused.</summary>
    public void ChangeOrganisation(string org) => _world.Mutate(() => _world.ChangeOrganisation(org));
}
