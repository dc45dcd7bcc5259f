using Store.Tests.Contract;

namespace Store.Tests.Differential;

/// <summary>One of the two databases, with what its clients remember.</summary>
internal sealed class Side(World world, Listener listener)
{
    public World World => world;

    public Listener Listener => listener;

    public IStore Store => world.Store;

    /// <summary>Users as somebody saw them some time ago.</summary>
    public Dictionary<Guid, UserApp> Looks { get; } = [];

    /// <summary>Tokens as they were given, stale ones too; the last is the newest.</summary>
    public List<LeaseToken> Tokens { get; } = [world.Lease];

    /// <summary>How many hints of the last step stand for everything.</summary>
    public int Everythings { get; set; }

    /// <summary>What this step's clock says; set before answers are described.</summary>
    public DateTime Now { get; set; }

    private Dictionary<Guid, int> RowNumbers { get; } = [];

    /// <summary>Rows have other ids on each side and are numbered as they come to light.</summary>
    public string Row(Guid? rowId)
    {
        if (rowId is not { } id)
            return "none";
        RowNumbers.TryAdd(id, RowNumbers.Count);
        return $"row {RowNumbers[id]}";
    }

    /// <summary>
    /// Stored times lie at odd multiples of five minutes from the moment of writing and time passes in tens of minutes, so that the
    /// little that really passes changes neither an order nor the ten minutes in which a time lies.
    /// </summary>
    public string Time(DateTime? time) =>
        time is null ? "never" : $"{(long)Math.Floor((time.Value - Now) / TimeSpan.FromMinutes(10)) * 10:+0;-0;0} min";

    public async Task PassAsync(TimeSpan span)
    {
        var before = await world.NowAsync();
        await world.PassAsync(span);
        var moved = await world.NowAsync() - before > span / 2;
        foreach (var (userId, look) in Looks.ToList())
        {
            // Where stored times were moved instead of the clock, those that somebody remembers go along.
            if (!moved && look.NextAttemptAt is { } next)
                Looks[userId] = look with { NextAttemptAt = next - span };
        }
    }
}
