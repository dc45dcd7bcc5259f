using Demo.Story;

namespace Demo.View;

/// <summary>What there is to be seen; written by the play, read by whoever shows it.</summary>
internal sealed class Board(IReadOnlyList<Claim> claims)
{
    private volatile IReadOnlyList<UserLine> _users = [];
    private volatile string _now = "";

    public IReadOnlyList<Claim> Claims => claims;

    public long StartedAt { get; } = TimeProvider.System.GetTimestamp();

    public TimeSpan Elapsed => TimeProvider.System.GetElapsedTime(StartedAt);

    public IReadOnlyList<UserLine> Users
    {
        get => _users;
        set => _users = value;
    }

    /// <summary>What goes on.</summary>
    public string Now
    {
        get => _now;
        set => _now = value;
    }

    /// <summary>Raised with a line for those who watch no table.</summary>
    public event Action<string>? Told;

    public void Tell(string now)
    {
        _now = now;
        Told?.Invoke($"         {now}");
    }

    public void Begin(Claim claim)
    {
        claim.Begin();
        _now = claim.Title;
    }

    public void End(Claim claim, bool holds, string evidence, TimeSpan took)
    {
        claim.End(holds, evidence, took);
        Told?.Invoke(ClaimText.Line(claim));
    }
}
