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
    private int _depth;

    internal World(FlySimOptions options)
    {
        Options = options;
        Settings = options.Settings;
        Time = options.TimeProvider;
        Token = Bare(options.Token);
        Org = options.Org;
        _ids = new Ids(options.Seed);
        Now = Time.GetUtcNow();
    }

    /// <summary>
    /// Raised after each change: a command that was applied, an act through <see cref="Admin.SimControl"/>, and each thing that
    /// happens by itself. The world is locked meanwhile and stands still: a handler may look at it, and sees it as of that moment.
    /// </summary>
    public event Action<World>? Changed;

    public FlySimOptions Options { get; }

    public SimSettings Settings { get; private set; }

    /// <summary>When the next thing happens by itself; null when nothing will. Nothing happens before somebody looks.</summary>
    public DateTimeOffset? NextDue
    {
        get
        {
            lock (_gate)
            {
                return _timeline.NextDue;
            }
        }
    }

    internal TimeProvider Time { get; }

    /// <summary>The world's clock: the due time of the transition being applied, else the real time at which the lock was taken.</summary>
    public DateTimeOffset Now { get; private set; }

    internal string Token { get; private set; }

    /// <summary>Whose token it is: what it may see, list and make.</summary>
    internal string Org { get; private set; }

    /// <summary>Lets everything happen that is due by now.</summary>
    public void CatchUp() => Run(static () => true);

    /// <summary>Runs <paramref name="work"/> alone in the world, after everything that was due by now has happened.</summary>
    internal T Run<T>(Func<T> work)
    {
        lock (_gate)
        {
            // Who looks from inside a change sees the world at that change: time goes on after it.
            if (_depth == 0)
            {
                Advance();
            }

            _depth++;
            try
            {
                return work();
            }
            finally
            {
                _depth--;
            }
        }
    }

    internal void Run(Action work) => Run(() =>
    {
        work();
        return true;
    });

    /// <summary>As <see cref="Run{T}"/>, for work that changes the world unless it throws.</summary>
    internal T Mutate<T>(Func<T> work) => Run(() =>
    {
        var result = work();
        Tell();
        return result;
    });

    internal void Mutate(Action work) => Mutate(() =>
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

    internal void ChangeOrganisation(string org)
    {
        Org = org;
        _revision++;
    }

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

    private void Advance()
    {
        var now = Time.GetUtcNow();
        _depth++;
        try
        {
            while (_timeline.TryTake(now, out var due, out var action))
            {
                Now = due > Now ? due : Now;
                action();
                Tell();
            }
        }
        finally
        {
            _depth--;
        }

        Now = now > Now ? now : Now;
    }

    private void Tell() => Changed?.Invoke(this);
}
