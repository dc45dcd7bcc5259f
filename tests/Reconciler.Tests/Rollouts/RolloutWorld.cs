using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Reporting;
using Reconciler.Rollouts;
using Store;

namespace Reconciler.Tests.Rollouts;

/// <summary>A fleet in memory under the planner: users who take what they are given, some of them badly, and a clock.</summary>
internal sealed class RolloutWorld
{
    public static readonly DateTimeOffset Start = new(2026, 3, 2, 9, 0, 0, TimeSpan.Zero);
    private static readonly HealthCheckPolicy Check = new("health", 8080, "/health", TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(30));
    private readonly SortedDictionary<Guid, User> _users = [];
    private readonly KeptRollout _kept = new();

    public RolloutWorld(int users, Func<int, Guid>? ids = null)
    {
        for (var i = 0; i < users; i++)
        {
            var id = ids?.Invoke(i) ?? new Guid(i + 1, 0, 0, new byte[8]);
            _users.Add(id, new User(id));
        }
    }

    public DateTimeOffset Now { get; set; } = Start;
    public RolloutState? State => _kept.State;
    public Revision? Stable => _kept.Stable;
    public Revision? Candidate => _kept.Candidate;
    public Revision Wish { get; set; } = Make("a");
    public string? Problem { get; set; }
    public bool StableSecretsKnown { get; set; } = true;
    public RolloutSettings Settings { get; set; } = new();
    public List<string> History { get; } = [];
    public List<string> Answers { get; } = [];
    public RolloutOutcome? Last { get; private set; }
    public IEnumerable<User> Users => _users.Values;

    /// <summary>How a user who was moved to a revision turns out.</summary>
    public Func<Guid, string, Fate> FateOf { get; set; } = (_, _) => Fate.Good;

    public int MostDown { get; private set; }

    public RevisionRow? Known(string id) => _kept.Known(id);

    public User this[Guid id] => _users[id];

    public static Revision Make(string image, string secrets = "s1", string region = "sin") => RevisionId.Give(new Revision
    {
        Id = "",
        Image = $"registry.fly.io/vyx-app@sha256:{image}",
        ImageDigest = $"sha256:{image}",
        ImageLabel = $"vyx-app:{image}",
        Region = region,
        Guests = new Dictionary<string, GuestSize> { ["pro"] = new("shared", 2, 512), ["elite"] = new("shared", 2, 512) },
        Env = new Dictionary<string, string>(),
        Check = Check,
        PublicIngress = false,
        SecretsDigest = secrets,
        SecretNames = ["USER_ID"],
    });

    public void Ask(string kind, DateTimeOffset? until = null) => _kept.Ask(kind, until);

    public void Add(Guid id) => _users.Add(id, new User(id));

    /// <summary>One turn of the planner, kept as the database would keep it.</summary>
    public RolloutOutcome Turn()
    {
        var users = _users.Values.Where(u => u.Entitled || u.Mark is not null).Select(u => UserFacts.Of(u.Row(), Now));
        var outcome = RolloutPlanner.Next(_kept.Read(Wish, users, id => _users[id].SeenGoodAt, Settings, Start, Now) with
        {
            WishProblem = Problem, StableSecretsKnown = StableSecretsKnown,
        })!;
        Last = outcome;
        _kept.Write(outcome);
        foreach (var user in _users.Values)
        {
            user.Mark = KeptRollout.MarkAfter(outcome, user.Id, user.Mark);
        }

        History.AddRange(outcome.Entries.Select(e => e.Action));
        Answers.AddRange(outcome.Answers.Select(a => a.Answer));
        foreach (var id in outcome.Moved)
        {
            _users[id].Take(FateOf(id, _users[id].Mark!.Revision), Now);
        }

        foreach (var id in outcome.Looks)
        {
            _users[id].Look(Now);
        }

        MostDown = Math.Max(MostDown, _users.Values.Count(u => !u.IsUp && u.WentDownByRollout));
        return outcome;
    }

    /// <summary>Turns and lets machines come up, until nothing is under way or the time is over.</summary>
    public void Run(TimeSpan limit, TimeSpan? step = null)
    {
        var end = Now + limit;
        do
        {
            Turn();
            Now += step ?? TimeSpan.FromSeconds(2);
            foreach (var user in _users.Values)
            {
                user.Pass(Now);
            }
        }
        while (Now < end && !(State is { Phase: RolloutPhase.Idle } && (Wish.Id == Stable!.Id || Known(Wish.Id)?.Verdict == "bad")));
    }
}

/// <summary>How a machine takes a revision.</summary>
internal enum Fate
{
    Good,
    Crashes,
    NeverStarts,
    RolledBackSilently,
    NoCapacity,
}

/// <summary>One user's row and machine, as coarse as the planner sees them.</summary>
internal sealed class User(Guid id)
{
    private Fate _fate;
    private DateTimeOffset _at;
    private int _silent;
    private bool _isMoving;

    public Guid Id => id;
    public bool Entitled { get; set; } = true;
    public bool Paused { get; set; }
    public bool OwnImage { get; set; }
    public string Status { get; set; } = "active";
    public bool IsUp { get; set; } = true;
    public bool WentDownByRollout { get; private set; }
    public string? MachineId { get; set; } = "m";
    public string? Runs { get; set; }
    public string? Target { get; private set; }
    public string? LastErrorClass { get; private set; }
    public RolloutMark? Mark { get; set; }
    public DateTimeOffset? SeenGoodAt { get; private set; }
    public AppMemory Memory { get; set; } = AppMemory.Empty;
    public List<string> Touched { get; } = [];

    /// <summary>The worker's look after a move.</summary>
    public void Take(Fate fate, DateTimeOffset now)
    {
        (_fate, _at, _silent, _isMoving) = (fate, now, 0, true);
        Target = Mark!.Revision;
        SeenGoodAt = null;
        LastErrorClass = null;
        Memory = AppMemory.Empty;
        if (Runs == Target && IsUp)
        {
            _isMoving = false; // the inner rollback has brought it back already
            SeenGoodAt = now;
            return;
        }

        Touched.Add(Target);
        if (fate == Fate.NoCapacity)
        {
            LastErrorClass = "Capacity";
            return;
        }

        WentDownByRollout |= IsUp;
        IsUp = false;
    }

    public void Pass(DateTimeOffset now)
    {
        if (!_isMoving || now - _at < TimeSpan.FromSeconds(6))
        {
            return;
        }

        switch (_fate)
        {
            case Fate.Good:
                (IsUp, Runs, SeenGoodAt, _isMoving, WentDownByRollout) = (true, Target, now, false, false);
                break;
            case Fate.Crashes:
                // The inner safety takes it back to what it ran before.
                Memory = Memory with { Rejected = new RejectedSpec("x", "RolledBack: its program exited", now, 1, Final: true) };
                (IsUp, SeenGoodAt, _isMoving, WentDownByRollout) = (true, now, false, false);
                break;
            case Fate.RolledBackSilently when now - _at > TimeSpan.FromSeconds(60 * (_silent + 1)):
                _silent++;
                Memory = Memory with { Rejected = new RejectedSpec("x", Reasons.SilentlyRolledBack, now, _silent, Final: false) };
                IsUp = true;
                break;
        }
    }

    /// <summary>Somebody has put it right by hand.</summary>
    public void Mend(string revision, DateTimeOffset now) =>
        (IsUp, Runs, _isMoving, WentDownByRollout, SeenGoodAt) = (true, revision, false, false, now);

    public void CapacityComesBack(DateTimeOffset now)
    {
        if (_fate == Fate.NoCapacity)
        {
            Take(Fate.Good, now);
        }
    }

    public void Look(DateTimeOffset now) => SeenGoodAt = IsUp ? now : null;

    public RolloutUser Row() => new()
    {
        UserId = id,
        AppName = $"vyx-user-{id.ToString()[..8]}",
        Tier = "pro",
        Entitled = Entitled,
        Paused = Paused,
        OwnImage = OwnImage,
        Status = Status,
        HealthStatus = IsUp ? "healthy" : "unknown",
        MachineId = MachineId,
        Converged = IsUp && !_isMoving,
        Runs = Runs,
        Target = Target,
        LastErrorClass = LastErrorClass,
        Conditions = "[]",
        ControllerState = ReportJson.Write(Memory),
        Mark = Mark,
    };
}
