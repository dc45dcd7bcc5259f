using Reconciler.Configuration;
using Reconciler.Hosting;

namespace Simulation.Worlds;

/// <summary>One machine that runs the daemon: starts it, kills it, holds it still, starts it again.</summary>
internal sealed class Node(SimWorld world, string name, ClockNature nature)
{
    private readonly SignalDisk _disk = new();
    private int _started;

    public string Name { get; } = name;

    /// <summary>What the next start is configured with.</summary>
    public required Settings Settings { get; set; }

    /// <summary>From a crash to the next start; null = it stays down.</summary>
    public Func<TimeSpan?> RestartAfter { get; set; } = () => TimeSpan.FromSeconds(1);

    public Incarnation? Current { get; private set; }

    public SignalDisk Disk => _disk;

    public bool IsRunning => Current is { Life.IsAlive: true };

    public bool Leads => Current is { Life.IsAlive: true, Core.Elector.Current: not null };

    public void Start()
    {
        if (IsRunning)
        {
            return;
        }

        var number = ++_started;
        var life = new Life();
        var random = SimRandom.Named(world.Seed, $"{Name}.{number}");
        var clock = new NodeClock(world.Scheduler, life, random, nature);
        var node = new Incarnation(this, number, life, random, clock, world.Scheduler.Ticks);
        Current = node;
        _disk.Rewatch();
        world.Trace.Add(node.Name, "starts");
        node.Running = RunAsync(node, Settings);
        world.Remember(node);
    }

    /// <summary>Power cut: whatever was under way never comes back; what was sent may still arrive.</summary>
    public void Crash()
    {
        if (Current is not { Life.IsAlive: true } node)
        {
            return;
        }

        node.Life.Die();
        world.Died.Add(node.Name);
        world.Database.Disconnect(node);
        world.Trace.Add(node.Name, "crashes");
        if (RestartAfter() is { } wait)
        {
            world.Scheduler.After(wait, Start);
        }
    }

    /// <summary>SIGSTOP for a while: its clock goes on, it does not.</summary>
    public void Pause(TimeSpan length)
    {
        if (Current is { Life.IsAlive: true } node)
        {
            world.Trace.Add(node.Name, "is paused", $"{length.TotalSeconds:0} s");
            node.Life.PauseUntil(world.Scheduler.Ticks + length.Ticks);
        }
    }

    /// <summary>SIGTERM; completes when the process has ended.</summary>
    public async Task StopAsync()
    {
        if (Current is not { Life.IsAlive: true } node)
        {
            return;
        }

        world.Trace.Add(node.Name, "is asked to stop");
        node.AskToStop();
        while (!node.Running.IsCompleted && node.Life.IsAlive)
        {
            await world.Scheduler.DelayAsync(TimeSpan.FromMilliseconds(200));
        }
    }

    private async Task RunAsync(Incarnation node, Settings settings)
    {
        try
        {
            var ports = world.PortsOf(node, settings);
            var logger = ports.Loggers.CreateLogger("Replica");
            var key = await Replica.ConnectAsync(ports.Store, node.Clock, logger, node.Stopping);
            node.Core = new Core(settings, ports, key);
            await Replica.RunAsync(node.Core, node.Core.Term(), node.Stopping);
        }
        catch (OperationCanceledException) when (node.WasAskedToStop)
        {
            // before anything had begun
        }
        catch (Exception problem)
        {
            world.Violate("loops-alive", $"{node.Name} ended by itself: {problem}");
        }

        node.Life.Die();
        world.Database.Disconnect(node);
        world.Trace.Add(node.Name, "ends");
        if (!node.WasAskedToStop)
        {
            world.Violate("loops-alive", $"{node.Name} ended without being asked to");
        }
    }
}
