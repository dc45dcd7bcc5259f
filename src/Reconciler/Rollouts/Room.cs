namespace Reconciler.Rollouts;

/// <summary>How many more users a turn may take down, on the way forward and on the way back.</summary>
internal sealed class Room
{
    private readonly RolloutDraft _draft;
    private int _left;
    private int _leftToFall;

    /// <param name="draft">The turn.</param>
    /// <param name="allowed">How many may be down at once.</param>
    /// <param name="to">The revision that the turn moves to.</param>
    public Room(RolloutDraft draft, int allowed, string to)
    {
        _draft = draft;
        // Whoever came up by itself on its way to an earlier revision may make them more than are allowed. Until they are fewer, who works
        // is left where it is, unless all of them work, are not being changed and never got there, where nothing may ever move them again:
        // who got there will be told to be good, and who is being changed to be so or not.
        var costly = draft.Input.Users.Where(u => Fleet.Costs(draft, u)).ToList();
        _left = allowed - costly.Count;
        _leftToFall = costly.TrueForAll(u => u is { IsUp: true, Memory.Pending: null } && MarkOf(u) != to && MarkOf(u) != u.Row.Runs) ? allowed : 0;
    }

    /// <summary>Whether somebody who works and has not been moved may be.</summary>
    public bool IsLeft => _left > 0;

    /// <summary>Whether this user may be moved now. Who is down already costs nothing, and who is on the way already costs no more.</summary>
    public bool TryTake(UserFacts user)
    {
        var costs = user.IsUp && !Fleet.Costs(_draft, user);
        if ((costs && _left <= 0) || (user.IsUp && _left < 0 && _leftToFall <= 0))
        {
            return false;
        }

        _left -= costs ? 1 : 0;
        _leftToFall -= user.IsUp ? 1 : 0;
        return true;
    }

    private string? MarkOf(UserFacts user) => _draft.MarkOf(user.Row.UserId)?.Revision;
}
