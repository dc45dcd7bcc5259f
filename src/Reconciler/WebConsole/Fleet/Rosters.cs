using Store;

namespace Reconciler.WebConsole.Fleet;

/// <summary>
/// Remembers who stood where in the pictures that were sent lately, so that a cell is named by its place and its picture, and the
/// page need not hold thousands of ids. A picture whose roster is forgotten leads to nobody, never to somebody else.
/// </summary>
internal sealed class Rosters
{
    private const int Kept = 8;

    private readonly Lock _gate = new();
    private readonly LinkedList<(int Number, Guid[] Users)> _rosters = [];
    private int _next = 1;

    /// <summary>The number of the roster with exactly these users in this order.</summary>
    public int NumberOf(IReadOnlyList<FleetRow> rows)
    {
        lock (_gate)
        {
            if (_rosters.First is { Value: var newest } && Same(newest.Users, rows))
            {
                return newest.Number;
            }

            _rosters.AddFirst((_next, [.. rows.Select(r => r.UserId)]));
            if (_rosters.Count > Kept)
            {
                _rosters.RemoveLast();
            }

            return _next++;
        }
    }

    /// <summary>Null when the roster is forgotten or has no such place.</summary>
    public Guid? Find(int number, int place)
    {
        lock (_gate)
        {
            foreach (var (known, users) in _rosters)
            {
                if (known == number)
                {
                    return place >= 0 && place < users.Length ? users[place] : null;
                }
            }

            return null;
        }
    }

    private static bool Same(Guid[] users, IReadOnlyList<FleetRow> rows)
    {
        if (users.Length != rows.Count)
        {
            return false;
        }

        for (var i = 0; i < users.Length; i++)
        {
            if (users[i] != rows[i].UserId)
            {
                return false;
            }
        }

        return true;
    }
}
