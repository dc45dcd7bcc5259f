using Store;

namespace Reconciler.Rollouts;

/// <summary>One turn in the making: the input, and what has been decided so far. Lives for one call of the planner.</summary>
internal sealed class RolloutDraft
{
    private readonly SortedDictionary<Guid, RolloutMark> _marks = [];
    private readonly Dictionary<Guid, RolloutMark> _before = [];
    private readonly SortedSet<Guid> _unmarked = [];
    private readonly SortedSet<Guid> _moved = [];
    private readonly SortedSet<Guid> _looks = [];
    private readonly SortedSet<Guid> _forced = [];
    private readonly SortedDictionary<string, RevisionRow> _revisions = new(StringComparer.Ordinal);
    private readonly List<RolloutEntry> _entries = [];
    private readonly List<(long, string)> _answers = [];
    private readonly List<string> _verdicts = [];
    private bool _unmarkAll;

    public RolloutDraft(RolloutInput input, RolloutState state, Revision stable)
    {
        Input = input;
        State = state;
        Stable = stable;
        Candidate = input.Candidate;
        foreach (var user in input.Users)
        {
            if (user.Row.Mark is { } mark)
            {
                _marks.Add(mark.UserId, mark);
                _before.Add(mark.UserId, mark);
            }
        }
    }

    public RolloutInput Input { get; }
    public RolloutState State { get; set; }
    public Revision Stable { get; private set; }
    public Revision? Candidate { get; private set; }
    public DateTimeOffset Now => Input.Now;
    public IEnumerable<RolloutMark> Marks => _marks.Values;

    public Strategy Strategy => Input.Settings.For(Candidate is null ? ChangeKinds.None : Changes.Between(Stable, Candidate));

    public RolloutMark? MarkOf(Guid userId) => _marks.GetValueOrDefault(userId);

    public RevisionRow? Known(string id) => _revisions.GetValueOrDefault(id) ?? Input.Known.GetValueOrDefault(id);

    /// <summary>Moves a user. Whoever is moved twice in one turn would be a mistake of ours.</summary>
    public void Move(UserFacts user, Revision to, int wave)
    {
        var now = Now.UtcDateTime;
        // Who is down because it was moved before is the rollout's cost until it works again; who was told to be good, or is paused, is not.
        var wasDown = !user.IsUp && MarkOf(user.Row.UserId) is not { WasDown: false, Verdict: "pending" or "failed" };
        _marks[user.Row.UserId] = new RolloutMark(user.Row.UserId, to.Id, wave, now, now, wasDown, null, "pending", "not looked at yet");
        _unmarked.Remove(user.Row.UserId);
        _moved.Add(user.Row.UserId);
        State = State with { MovedAt = Now };
    }

    public void Mark(RolloutMark mark) => _marks[mark.UserId] = mark;

    public void Unmark(Guid userId)
    {
        _marks.Remove(userId);
        _unmarked.Add(userId);
    }

    public void Look(Guid userId) => _looks.Add(userId);

    /// <summary>An operator's word that what this user's machine rejected may be tried again.</summary>
    public void Force(Guid userId) => _forced.Add(userId);

    public void Judged(string @class)
    {
        _verdicts.Add(@class);
        State = State with { MovedAt = Now };
    }

    public void Phase(RolloutPhase phase, int wave, string? why = null) =>
        State = State with { Phase = phase, Wave = wave, Since = Now, MovedAt = Now, SoakUntil = null, Why = why };

    public void Record(Revision revision, string verdict, string? evidence, string startedBy)
    {
        var known = Known(revision.Id);
        _revisions[revision.Id] = new RevisionRow(
            revision.Id, RolloutJson.Write(revision), verdict, evidence, known?.StartedBy ?? startedBy);
    }

    public void Tell(string action, string revision, string owner, string message) =>
        _entries.Add(new RolloutEntry(default, action, revision, owner, message));

    public void Answer(RolloutOrder order, string answer) => _answers.Add((order.Id, answer));

    /// <summary>Another revision takes the candidate's place; whoever is on the old one stays there until moved.</summary>
    public void Begin(Revision candidate)
    {
        Candidate = candidate;
        State = State with { StartedAt = Now, Promoted = false };
    }

    /// <summary>Everybody is on the stable revision from here on, without a mark.</summary>
    public void Settle(Revision stable)
    {
        Stable = stable;
        Candidate = null;
        _marks.Clear();
        _unmarked.Clear();
        _unmarkAll = _before.Count > 0;
        State = State with { Promoted = false };
        Phase(RolloutPhase.Idle, -1);
    }

    public RolloutOutcome Finish(RolloutCount count) => new()
    {
        State = State,
        Stable = Stable,
        Candidate = Candidate,
        Revisions = [.. _revisions.Values],
        Marks = [.. _marks.Values.Where(m => _before.GetValueOrDefault(m.UserId) != m)],
        Unmarked = [.. _unmarked],
        UnmarkAll = _unmarkAll,
        Moved = [.. _moved],
        Looks = [.. _looks],
        Forced = [.. _forced],
        Entries = _entries,
        Answers = _answers,
        Verdicts = _verdicts,
        Count = count,
    };
}
