using FlySim.Model;

namespace FlySim.Worlds;

/// <summary>
/// Everything the simulated platform knows. One lock guards it; whoever takes the lock first lets time catch up. The
/// other files of this class each hold one subject.
/// </summary>
public sealed partial class World
{
    private readonly Lock _gate = new();
    private readonly Timeline _timeline = new();
    private readonly Dictionary<string, SimApp> _apps = new(StringComparer.Ordinal);
    private readonly Ids _ids;

    internal World(FlySimOptions options)
    {
        Options = options;
        Settings = options.Settings;
        Time = options.TimeProvider;
        Token = Bare(options.Token);
        _ids = new Ids(options.Seed);
        Now = Time.GetUtcNow();
    }

    public FlySimOptions Options { get; }

    public SimSettings Settings { get; private set; }

    internal TimeProvider Time { get; }

    /// <summary>The world's clock: the due time of the transition being applied, else the real time at which the lock was taken.</summary>
    internal DateTimeOffset Now { get; private set; }

    internal string Token { get; private set; }

    internal DateTimeOffset? NextDue => _timeline.NextDue;

    /// <summary>Runs <paramref name="work"/> alone in the world, after everything that was due by now has happened.</summary>
    internal T Run<T>(Func<T> work)
    {
        lock (_gate)
        {
            CatchUp();
            return work();
        }
    }

    internal void Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    internal void Change(SimSettings settings)
    {
        Settings = settings;
        _buckets.Clear(); // they hold the limits they were made with
    }

    internal void ChangeToken(string token) => Token = Bare(token);

    /// <summary>A token without its scheme.</summary>
    internal static string Bare(string token)
    {
        foreach (var scheme in (ReadOnlySpan<string>)["FlyV1 ", "Bearer "])
        {
            if (token.StartsWith(scheme, StringComparison.OrdinalIgnoreCase))
            {
                return token[scheme.Length..].Trim();
            }
        }

        return token.Trim();
    }

    private static TimeSpan Ms(int milliseconds) => TimeSpan.FromMilliseconds(milliseconds);

    private void CatchUp()
    {
        var now = Time.GetUtcNow();
        while (_timeline.TryTake(now, out var due, out var action))
        {
            Now = due > Now ? due : Now;
            action();
        }

        Now = now > Now ? now : Now;
    }
}
