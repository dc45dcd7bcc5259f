using Reconciler.Rollouts;
using Store;

namespace Reconciler.Tests.Rollouts;

/// <summary>
/// Users who come and go, fall and come up by themselves, and workers who look late, under the planner of rollouts: what is read is old when
/// it is written. Everything follows from one number.
/// </summary>
internal sealed class RestlessFleet
{
    private static readonly string[] Images = ["a", "b", "c", "d"];
    private static readonly TimeSpan Trouble = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan Calm = TimeSpan.FromHours(4);

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private readonly Random _random;
    private readonly List<RestlessUser> _users = [];
    private readonly Dictionary<string, RevisionRow> _known = new(StringComparer.Ordinal);
    private readonly List<RolloutOrder> _orders = [];
    private readonly Dictionary<(Guid, string), Fate> _fates = [];
    private readonly RolloutSettings _settings;
    private readonly RestlessWatch _watch;
    private readonly Action<string>? _tell;
    private RolloutState? _state;
    private Revision? _stable;
    private Revision? _candidate;
    private Revision _wish = RolloutWorld.Make("a");
    private DateTimeOffset _leadingSince = RolloutWorld.Start;
    private DateTimeOffset _now = RolloutWorld.Start;
    private long _orderId;
    private bool _isCalm;

    public RestlessFleet(int seed, Action<string>? tell = null)
    {
        _random = new Random(seed);
        _tell = tell;
        var users = _random.Next(2, 8);
        var most = _random.Next(1, 4);
        _settings = new RolloutSettings
        {
            Strategy = new Strategy
            {
                CanaryCount = _random.Next(0, 3),
                MaxUnavailable = most,
                Waves = _random.Next(2) == 0 ? [1] : [0.5, 1],
                Soak = TimeSpan.FromSeconds(_random.Next(0, 60)),
                FailureThreshold = _random.Next(0, 2),
            },
        };
        _watch = new RestlessWatch(_users, most);
        _isCalm = true;
        Turn(); // the first revision
        _isCalm = false;
        for (var i = 0; i < users; i++)
        {
            _users.Add(new RestlessUser(new Guid(_random.Next(), 0, 0, new byte[8]), _stable!.Id));
        }
    }

    /// <summary>Trouble, then calm.</summary>
    /// <returns>What was broken, or stands still in the end; null = nothing.</returns>
    public string? Live()
    {
        var end = _now + Trouble;
        while (_now < end)
        {
            if (_random.Next(12) == 0)
            {
                Disturb();
            }

            if (Step() is { } broken)
            {
                return broken;
            }
        }

        _isCalm = true;
        _fates.Clear();
        _orders.Clear();
        Ask("resume");
        foreach (var user in _users)
        {
            (user.Paused, user.Hindrance, user.LookAt) = (false, default, _now);
        }

        for (end = _now + Calm; _now < end && !IsAtRest();)
        {
            if (_state is { Phase: RolloutPhase.RevertFailed } && _now - _state.Since > Patience && _users.Exists(u => u.Mark is { Verdict: "failed" }))
            {
                Ask("retry"); // whoever rejected the stable revision itself is a person's to look at
            }

            if (Step() is { } broken)
            {
                return broken;
            }
        }

        return IsAtRest() ? null : $"stands still: {_state}; wish {_wish.Id} {_known.GetValueOrDefault(_wish.Id)?.Verdict}\n{string.Join('\n', _users)}";
    }

    private bool IsAtRest() => _state is { Phase: RolloutPhase.Idle }
        && (_wish.Id == _stable!.Id || _known.GetValueOrDefault(_wish.Id)?.Verdict == "bad")
        && _users.TrueForAll(u => u.Mark is null && (!u.Entitled || u.RowIsUp));

    /// <summary>Two seconds: looks that are due, and a turn whose reading may be old when it is written.</summary>
    private string? Step()
    {
        var turn = _now + TimeSpan.FromSeconds(2);
        while (_users.Where(u => u.LookAt <= turn).MinBy(u => u.LookAt) is { } next)
        {
            _now = next.LookAt!.Value > _now ? next.LookAt.Value : _now;
            next.Look(_now, _stable!.Id, FateOf);
            _tell?.Invoke($"{_now:mm:ss.fff} look {next}");
        }

        _now = turn;
        return Turn();
    }

    private string? Turn()
    {
        var outcome = RolloutPlanner.Next(new RolloutInput
        {
            State = _state,
            Stable = _stable,
            Candidate = _candidate,
            Wish = _wish,
            WishProblem = null,
            Known = _known,
            StableSecretsKnown = true,
            Users = [.. _users.Where(u => u.Entitled || u.Mark is not null).OrderBy(u => u.Id).Select(u => u.Facts())],
            Orders = [.. _orders],
            SeenGoodAt = SeenGoodAtReading(),
            Settings = _settings,
            LeadingSince = _leadingSince,
            Now = _now,
            StuckAfter = TimeSpan.FromMinutes(10),
        })!;
        if (!_isCalm && _random.Next(10) == 0)
        {
            LookMeanwhile();
        }

        return !_isCalm && _random.Next(25) == 0 ? null : Commit(outcome, isHeard: _isCalm || _random.Next(25) != 0);
    }

    private void LookMeanwhile()
    {
        _now += TimeSpan.FromMilliseconds(5);
        foreach (var user in _users.Where(_ => _random.Next(2) == 0))
        {
            user.Look(_now, _stable!.Id, FateOf);
            _tell?.Invoke($"{_now:mm:ss.fff} look between reading and writing {user}");
        }
    }

    private string? Commit(RolloutOutcome outcome, bool isHeard)
    {
        (_state, _stable, _candidate) = (outcome.State, outcome.Stable, outcome.Candidate);
        foreach (var revision in outcome.Revisions)
        {
            _known[revision.Id] = revision;
        }

        foreach (var user in _users)
        {
            user.Mark = outcome.Marks.FirstOrDefault(m => m.UserId == user.Id)
                ?? (outcome.UnmarkAll || outcome.Unmarked.Contains(user.Id) ? null : user.Mark);
        }

        _orders.RemoveAll(o => outcome.Answers.Any(a => a.Order == o.Id));
        Tell(outcome);
        foreach (var user in _users.Where(u => isHeard && (outcome.Moved.Contains(u.Id) || outcome.Looks.Contains(u.Id) || outcome.Forced.Contains(u.Id))))
        {
            if (outcome.Moved.Contains(user.Id))
            {
                user.SeenGoodAt = null;
            }

            if (outcome.Forced.Contains(user.Id))
            {
                user.Force();
            }

            user.LookAt = Soon();
        }

        foreach (var user in _users.Where(u => u.Mark is { Verdict: "pending" } m && u.Target != m.Revision && !outcome.Moved.Contains(u.Id)))
        {
            user.LookAt ??= Soon();
        }

        if (outcome.UnmarkAll)
        {
            _users.ForEach(u => u.LookAt = Soon());
        }

        return _watch.Wrote(_stable.Id, _candidate?.Id, _known, _now);
    }

    private void Disturb()
    {
        var user = _users[_random.Next(_users.Count)];
        switch (_random.Next(12))
        {
            case 0 or 1 or 2:
                user.Fall(_now + TimeSpan.FromSeconds(_random.Next(1, _random.Next(2, 400))));
                user.LookAt = Soon();
                break;
            case 3 or 4:
                _wish = RolloutWorld.Make(Images[_random.Next(Images.Length)]);
                break;
            case 5:
                _fates[(user.Id, RolloutWorld.Make(Images[_random.Next(Images.Length)]).Id)] = (Fate)_random.Next(3);
                break;
            case 6:
                var bad = RolloutWorld.Make(Images[_random.Next(1, Images.Length)]).Id;
                var fate = (Fate)_random.Next(3);
                _users.ForEach(u => _fates[(u.Id, bad)] = fate);
                break;
            case 7:
                user.Hindrance = (_random.Next(2) == 0, _now + TimeSpan.FromSeconds(_random.Next(5, 1500)));
                break;
            case 8:
                (string, DateTimeOffset?)[] asks = [("pause", _now + TimeSpan.FromMinutes(2)), ("resume", null), ("promote", null), ("abort", null), ("retry", null)];
                var (kind, until) = asks[_random.Next(asks.Length)];
                Ask(kind, until);
                break;
            case 9:
                user.Paused = !user.Paused;
                user.LookAt = Soon();
                break;
            case 10:
                user.Entitled = !user.Entitled;
                user.LookAt = Soon();
                break;
            default:
                _leadingSince = _now; // another leads, and has seen nobody
                _users.ForEach(u => (u.SeenGoodAt, u.LookAt) = (null, Soon()));
                break;
        }
    }

    private Func<Guid, DateTimeOffset?> SeenGoodAtReading()
    {
        var seen = _users.ToDictionary(u => u.Id, u => u.SeenGoodAt);
        return id => seen[id];
    }

    private Fate FateOf(Guid user, string revision) => _fates.GetValueOrDefault((user, revision));

    private DateTimeOffset Soon() => _now + TimeSpan.FromMilliseconds(_random.Next(1, 3000));

    private void Ask(string kind, DateTimeOffset? until = null) =>
        _orders.Add(new RolloutOrder(++_orderId, new RolloutAsk(kind, "ann", "because", until?.UtcDateTime), null));

    private void Tell(RolloutOutcome outcome)
    {
        if (_tell is null || outcome is { Moved.Count: 0, Entries.Count: 0, Marks.Count: 0, Unmarked.Count: 0 })
        {
            return;
        }

        _tell($"{_now:mm:ss.fff} turn {outcome.State.Phase} {outcome.State.Wave} moved {string.Join(',', outcome.Moved.Select(m => m.ToString()[..8]))} "
            + string.Join("; ", outcome.Entries.Select(e => $"{e.Action} {e.Revision} {e.Message}")));
        _users.ForEach(u => _tell($"      {u}"));
    }
}
