namespace FlySim.Model;

/// <summary>A rate with a burst; full at first.</summary>
internal sealed class TokenBucket
{
    private readonly double _perSecond;
    private readonly double _burst;
    private double _tokens;
    private DateTimeOffset _at;

    public TokenBucket(double perSecond, double burst, DateTimeOffset now)
    {
        _perSecond = perSecond;
        _burst = burst;
        _tokens = burst;
        _at = now;
    }

    public bool TryTake(DateTimeOffset now)
    {
        _tokens = Math.Min(_burst, _tokens + ((now - _at).TotalSeconds * _perSecond));
        _at = now;
        if (_tokens < 1)
        {
            return false;
        }

        _tokens -= 1;
        return true;
    }
}
