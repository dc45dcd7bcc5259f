namespace Reconciler.Tests.Rollouts;

/// <summary>Whom a rollout has down, and whether it moves anybody to what is known to be bad: judged by the rows, not by the planner.</summary>
internal sealed class RestlessWatch(List<RestlessUser> users, int allowed)
{
    private static readonly TimeSpan LookAndMove = TimeSpan.FromSeconds(1);

    private readonly Dictionary<Guid, string> _marks = [];
    private readonly HashSet<Guid> _costs = [];

    /// <returns>What is broken; null = nothing.</returns>
    public string? Wrote(KeptRollout kept, DateTimeOffset now)
    {
        foreach (var user in users)
        {
            if (user.Mark is not { } mark)
            {
                _marks.Remove(user.Id);
                _costs.Remove(user.Id);
                continue;
            }

            if (mark.Verdict != "pending" || user.Paused)
            {
                _costs.Remove(user.Id);
            }

            if (_marks.GetValueOrDefault(user.Id) == mark.Revision)
            {
                continue;
            }

            _marks[user.Id] = mark.Revision;
            if (mark.Revision != kept.Stable!.Id && mark.Revision != kept.Candidate?.Id)
            {
                return $"{user} is moved to what is neither stable nor the candidate";
            }

            if (mark.Revision != kept.Stable.Id && kept.Known(mark.Revision)!.Verdict == "bad")
            {
                return $"{user} is moved to what is known to be bad";
            }

            // Whoever came up between the look and the move was moved for nothing, which nobody can help.
            if (user.RowIsUp && mark.Verdict == "pending" && !user.Paused && !(mark.WasDown && now - user.UpdatedAt < LookAndMove))
            {
                _costs.Add(user.Id);
            }
        }

        return _costs.Count > allowed ? $"{_costs.Count} users are down for a rollout at once, {allowed} are allowed:\n{string.Join('\n', users)}" : null;
    }
}
