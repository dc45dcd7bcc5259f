using FlySim.Model;

namespace FlySim.Admin;

/// <summary>What happens to single machines. An app or a machine that does not exist is a <see cref="RefusedException"/>.</summary>
public sealed partial class SimControl
{
    public PlantedMachine PlantMachine(string app, PlantMachine machine) => _world.Mutate(() => _world.Plant(_world.AnyApp(app), machine));

    public void EditMachine(string app, string machine, EditMachine edit) => Do(app, machine, m => _world.Edit(m, edit));

    public void DestroyMachine(string app, string machine) => Do(app, machine, _world.DestroyAtOnce);

    public void StopMachine(string app, string machine) => Do(app, machine, _world.StopAtOnce);

    /// <summary>Boots at once, with the newest secrets.</summary>
    public void StartMachine(string app, string machine) => Do(app, machine, _world.StartAtOnce);

    /// <summary>It hangs in a state of passage; what ran runs on.</summary>
    /// <param name="state">starting, restarting, replacing, stopping or destroying.</param>
    /// <param name="forMs">After which it gets there all the same; null = never.</param>
    public void StickMachine(string app, string machine, string state, int? forMs = null) => Do(app, machine, m => _world.Stick(m, state, forMs));

    /// <summary>The platform undoes the last update behind its caller's back.</summary>
    public void RollBackMachine(string app, string machine) => Do(app, machine, _world.RollBackAtOnce);

    /// <summary>The platform moves it to another host, perhaps in another region: new version, new address, restarted.</summary>
    public void MigrateMachine(string app, string machine, string? region = null) => Do(app, machine, m => _world.Migrate(m, region));

    /// <summary>The program dies and the platform gives up on it.</summary>
    public void FailMachine(string app, string machine) => Do(app, machine, _world.FailAtOnce);

    /// <param name="programRunsOn">A partition instead of a crash: the program keeps running where nobody sees it.</param>
    public void HostDown(string app, string machine, bool programRunsOn = false) => Do(app, machine, m => _world.HostDown(m, programRunsOn));

    /// <summary>The host returns with the machine it had, a destroyed one's last minute included.</summary>
    public void HostUp(string app, string machine) => Do(app, machine, _world.HostUp);

    /// <summary>Somebody else takes the machine's lease, whoever held it.</summary>
    public HeldLease HoldLease(string app, string machine, HoldLease lease) => _world.Mutate(() =>
    {
        var target = _world.AnyMachine(app, machine);
        target.Lease = null; // whoever held it: the other actor is faster
        var held = _world.TakeLease(target, lease.TtlSeconds, lease.Description, nonce: null, lease.Owner);
        return new HeldLease(held.Nonce, held.ExpiresAt);
    });

    public void DropLease(string app, string machine) => Do(app, machine, m => m.Lease = null);

    /// <summary>A hand that comes too late does not bring back to life what is gone.</summary>
    private void Do(string app, string machine, Action<SimMachine> act) => _world.Mutate(() => act(
        _world.AnyMachine(app, machine) is { IsDestroyed: false } found
            ? found
            : throw new RefusedException(404, "the machine is destroyed")));
}
