using System.Threading.Channels;

namespace Probe;

/// <summary>The least that a deduplicating queue can be: a channel, and a dictionary of what waits or is in somebody's hands.</summary>
internal sealed class FloorQueue(int keys) : IRound
{
    private readonly Guid[] _keys = Keys.Make(keys);

    public async Task<long> RunAsync()
    {
        var channel = Channel.CreateUnbounded<Guid>();
        var held = new Dictionary<Guid, bool>();
        var gate = new Lock();
        foreach (var key in _keys)
        {
            lock (gate)
            {
                if (held.TryAdd(key, false))
                {
                    channel.Writer.TryWrite(key);
                }
            }
        }

        var done = 0L;
        for (var i = 0; i < _keys.Length; i++)
        {
            var key = await channel.Reader.ReadAsync();
            lock (gate)
            {
                held[key] = true;
            }

            lock (gate)
            {
                held.Remove(key);
            }

            done++;
        }

        return done;
    }
}
