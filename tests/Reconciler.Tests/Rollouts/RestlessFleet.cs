using Reconciler.Rollouts;

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
    private readonly KeptRollout _kept = new();
    private readonly Dictionary<(Guid, string), Fate> _fates = [];
    private readonly RolloutSettings _settings;
    private readonly RestlessWatch _watch;
    private readonly Action<string>? _tell;
    private Revision _wish = RolloutWorld.Make("a");
    private DateTimeOffset _leadingSince = RolloutWorld.Start;
    private DateTimeOffset _now = RolloutWorld.Start;
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
            _users.Add(new RestlessUser(new Guid(_random.Next(), 0, 0, new byte[8]), Stable));
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
        _kept.DropOrders();
        _kept.Ask("resume");
        foreach (var user in _users)
        {
            (user.Paused, user.Hindrance, user.LookAt) = (false, default, _now);
        }

        for (end = _now + Calm; _now < end && !IsAtRest();)
        {
            if (_kept.State is { Phase: RolloutPhase.RevertFailed } state && _now - state.Since > Patience && _users.Exists(u => u.Mark is { Verdict: "failed" }))
            {
                _kept.Ask("retry"); // whoever rejected the stable revision itself is a person's to look at
            }

            if (Step() is { } broken)
            {
                return broken;
            }
        }

        return IsAtRest() ? null : $"stands still: {_kept.State}; wish {_wish.Id} {_kept.Known(_wish.Id)?.Verdict}\n{string.Join('\n', _users)}";
    }

    private string Stable => _kept.Stable!.Id;

    private bool IsAtRest() => _kept.State is { Phase: RolloutPhase.Idle }
        && (_wish.Id == Stable || _kept.Known(_wish.Id)?.Verdict == "bad")
        && _users.TrueForAll(u => u.Mark is null && (!u.Entitled || u.RowIsUp));

    /// <summary>Two seconds: looks that are due, and a turn whose reading may be old when it is written.</summary>
    private string? Step()
    {
        var turn = _now + TimeSpan.FromSeconds(2);
        while (_users.Where(u => u.LookAt <= turn).MinBy(u => u.LookAt) is { } next)
        {
            _now = next.LookAt!.Value > _now ? next.LookAt.Value : _now;
            next.Look(_now, Stable, FateOf);
            _tell?.Invoke($"{_now:mm:ss.fff} look {next}");
        }

        _now = turn;
        return Turn();
    }

    private string? Turn()
    {
        var users = _users.Where(u => u.Entitled || u.Mark is not null).OrderBy(u => u.Id).Select(u => u.Facts());
        var outcome = RolloutPlanner.Next(_kept.Read(_wish, users, SeenGoodAtReading(), _settings, _leadingSince, _now))!;
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
            user.Look(_now, Stable, FateOf);
            _tell?.Invoke($"{_now:mm:ss.fff} look between reading and writing {user}");
        }
    }

    private string? Commit(RolloutOutcome outcome, bool isHeard)
    {
        _kept.Write(outcome);
        foreach (var user in _users)
        {
            user.Mark = KeptRollout.MarkAfter(outcome, user.Id, user.Mark);
        }

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

        return _watch.Wrote(_kept, _now);
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
                _kept.Ask(kind, until);
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
