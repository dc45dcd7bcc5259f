using Reconciler.Queueing;

namespace Probe;

/// <summary>The product's queue, with its classes, floors, ageing and statistics: add every key, then take and finish each.</summary>
internal sealed class OurQueue(int keys) : IRound
{
    private readonly Guid[] _keys = Keys.Make(keys);

    public async Task<long> RunAsync()
    {
        using var queue = new WorkQueue<Guid>(TimeProvider.System);
        foreach (var key in _keys)
        {
            queue.Add(key, Priority.Resync, AddKind.Hint);
        }

        for (var i = 0; i < _keys.Length; i++)
        {
            var item = await queue.TakeAsync(CancellationToken.None);
            queue.Done(item!.Key);
        }

        return queue.Statistics().HandedOut;
    }
}

internal static class Keys
{
    /// <summary>The same keys in every process and round.</summary>
    public static Guid[] Make(int count)
    {
        var random = new Random(1);
        var bytes = new byte[16];
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            random.NextBytes(bytes);
            return new Guid(bytes);
        })];
    }
}
