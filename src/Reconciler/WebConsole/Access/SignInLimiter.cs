namespace Reconciler.WebConsole.Access;

/// <summary>
/// Counts wrong tokens: a few a minute from one address, and a few more from everywhere, because addresses are cheap in IPv6. A right
/// token costs nothing, but while the limit is reached it is not even looked at.
/// </summary>
internal sealed class SignInLimiter(TimeProvider time)
{
    public const int PerAddress = 5;
    public const int Altogether = 30;
    private const int MaxAddresses = 1_024;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, int> _wrong = new(StringComparer.Ordinal);
    private DateTimeOffset _since = time.GetUtcNow();
    private int _total;

    /// <summary>How long to wait before a token is looked at; zero = it may be tried now.</summary>
    public TimeSpan Wait(string address)
    {
        lock (_gate)
        {
            var left = Turn();
            return _total >= Altogether || _wrong.GetValueOrDefault(address) >= PerAddress ? left : TimeSpan.Zero;
        }
    }

    public void Wrong(string address)
    {
        lock (_gate)
        {
            Turn();
            _total++;
            if (_wrong.Count < MaxAddresses || _wrong.ContainsKey(address))
            {
                _wrong[address] = _wrong.GetValueOrDefault(address) + 1;
            }
        }
    }

    /// <summary>Begins a new window when the old one is over; returns what is left of the present one.</summary>
    private TimeSpan Turn()
    {
        var now = time.GetUtcNow();
        if (now - _since >= Window || now < _since)
        {
            _wrong.Clear();
            (_since, _total) = (now, 0);
        }

        return _since + Window - now;
    }
}
