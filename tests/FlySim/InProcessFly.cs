using FlySim.Admin;
using FlySim.Hosting;
using FlySim.Worlds;

namespace FlySim;

/// <summary>
/// The simulator without a server: for deterministic simulations, where everything runs on one thread and a virtual clock.
/// </summary>
public sealed class InProcessFly
{
    private readonly Platform _platform;

    private InProcessFly(Platform platform)
    {
        _platform = platform;
        Handler = new FlySimHandler(platform);
    }

    /// <summary>Stands where a server's address would: any other host reaches the same world.</summary>
    public static Uri BaseAddress { get; } = new("http://fly.sim/");

    /// <summary>To be used as <c>SUPABASE_URL</c>.</summary>
    public static Uri SupabaseAddress { get; } = new(BaseAddress, "_supabase");

    public World World => _platform.World;

    /// <summary>What the world's people and accidents can do to it.</summary>
    public SimControl Control => _platform.Control;

    /// <summary>May be used by any number of clients at once.</summary>
    public FlySimHandler Handler { get; }

    /// <param name="options">Its address and port mean nothing here.</param>
    public static InProcessFly Create(FlySimOptions? options = null)
    {
        var platform = new Platform(options ?? new FlySimOptions());
        platform.World.OwnRegistry = BaseAddress.Authority;
        return new InProcessFly(platform);
    }
}
