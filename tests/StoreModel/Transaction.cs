namespace StoreModel;

/// <summary>What one call has in hand until it commits.</summary>
internal sealed class Transaction(DateTime now)
{
    private readonly List<ChangeHint> _hints = [];
    private readonly List<Guid> _users = [];
    private readonly HashSet<Guid> _touched = [];
    private readonly HashSet<ChangeHint> _told = [];

    /// <summary>One moment per call: nothing passes within.</summary>
    public DateTime Now => now;

    public IReadOnlyList<ChangeHint> Hints => _hints;

    public IReadOnlyList<Guid> Users => _users;

    /// <summary>The database sends equal notifications of one transaction once.</summary>
    public void Notify(ChangeHint hint)
    {
        if (_told.Add(hint))
            _hints.Add(hint);
    }

    public void Touch(Guid userId)
    {
        if (_touched.Add(userId))
            _users.Add(userId);
    }

    /// <summary>Back to an earlier <c>Hints.Count</c>, when a savepoint is rolled back.</summary>
    public void ForgetHints(int count)
    {
        _told.ExceptWith(_hints.Skip(count));
        _hints.RemoveRange(count, _hints.Count - count);
    }
}
