using Reconciler.Queueing;

namespace Reconciler.Tests.Queueing;

/// <summary>
/// The queue's promises told naively: every request is kept in a list and every answer is worked out anew from the list. It shares
/// no idea with the implementation but the rules. Times are whole seconds.
/// </summary>
internal sealed class QueueModel(int ageingStep, int reservedEvery)
{
    private readonly SortedDictionary<string, Key> _keys = new(StringComparer.Ordinal);
    private int _arrivals;
    private int _handOuts;

    public int Now { get; private set; }

    public IEnumerable<string> Running => _keys.Where(k => k.Value.Running is not null).Select(k => k.Key);

    public int DelayedCount => _keys.Values.Count(k => k is { Running: null, Asked.Count: > 0 } && ReadyAt(k) > Now);

    public int[] ReadyByPriority => [.. Enum.GetValues<Priority>().Select(p => Ready.Count(k => Class(k.Value) == p))];

    private IEnumerable<KeyValuePair<string, Key>> Ready =>
        _keys.Where(k => k.Value is { Running: null, Asked.Count: > 0 } && ReadyAt(k.Value) <= Now);

    public void Add(string key, Priority priority, AddKind kind, int delay) =>
        Ask(key, new Request(priority, kind, Now + delay, kind >= AddKind.NewGeneration, 0));

    public void Requeue(string key, int delay, bool floor) =>
        Ask(key, new Request(_keys[key].Running!.Value, AddKind.None, Now + delay, false, floor ? Now + delay : 0));

    public void Done(string key)
    {
        _keys[key].Running = null;
        Observe();
    }

    public void Pass(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            Now++;
            Observe();
        }
    }

    /// <summary>Throws when this hand-out breaks a promise.</summary>
    public void HandOut(WorkItem<string> item)
    {
        Assert.True(_keys.TryGetValue(item.Key, out var key) && key.Asked.Count > 0, $"{item.Key} was not asked for");
        Assert.True(key.Running is null, $"{item.Key} has two workers");
        Assert.True(ReadyAt(key) <= Now, $"{item.Key} is {ReadyAt(key) - Now} s early");
        Assert.Equal(Class(key), item.Priority);
        Assert.Equal(key.Asked.Aggregate(AddKind.None, (kinds, r) => kinds | r.Kind), item.Kinds);
        Assert.Equal(Now - key.ReadySince, (int)item.Waited.TotalSeconds);

        var lanes = Ready.Select(k => Lane(k.Value)).ToList();
        _handOuts++;
        var expected = _handOuts % reservedEvery == 0 ? lanes.Max() : lanes.Min();
        Assert.True(expected == Lane(key), $"{item.Key} of lane {Lane(key)} came before lane {expected}");
        var (lane, aged, since, order) = Rank(key);
        foreach (var (other, rank) in Ready.Where(k => k.Value != key).Select(k => (k.Key, Rank(k.Value))))
        {
            var passedBy = rank.Lane == lane && rank.Aged == aged && (rank.Since, rank.Order).CompareTo((since, order)) < 0;
            Assert.False(passedBy, $"{item.Key} passed {other} in its own lane");
        }

        key.Running = item.Priority;
        key.Asked.Clear();
        key.Steps.Clear();
    }

    public void NothingIsReady() => Assert.Empty(Ready.Select(k => k.Key));

    private void Ask(string name, Request request)
    {
        if (!_keys.TryGetValue(name, out var key))
        {
            _keys.Add(name, key = new Key());
        }

        if (key.Running is null && key.Asked.Count == 0)
        {
            key.Arrival = ++_arrivals;
        }

        key.Asked.Add(request);
        Observe();
    }

    /// <summary>Notes who became ready and who was raised, at the second it happened.</summary>
    private void Observe()
    {
        foreach (var key in _keys.Values.Where(k => k.Running is null && k.Asked.Count > 0).OrderBy(k => ReadyAt(k)).ThenBy(k => k.Arrival))
        {
            if (ReadyAt(key) > Now)
            {
                key.Steps.Clear();
            }
            else if (key.Steps.Count == 0)
            {
                key.ReadySince = Now;
                key.Arrival = ++_arrivals;
                key.Steps.Add((Now, Class(key), key.Arrival));
            }
            else if (Class(key) < Lane(key))
            {
                key.Arrival = ++_arrivals;
                key.Steps.Add((Now, Class(key), key.Arrival));
            }
        }
    }

    private static int ReadyAt(Key key)
    {
        var floor = key.Asked.Max(r => r.Floor);
        return key.Asked.Min(r => r.PastFloor ? r.At : Math.Max(r.At, floor));
    }

    private static Priority Class(Key key) => key.Asked.Min(r => r.Priority);

    private Priority Lane(Key key) => Rank(key).Lane;

    /// <summary>The best class any step has grown into by now, and since when.</summary>
    private (Priority Lane, bool Aged, int Since, int Order) Rank(Key key) => key.Steps
        .Select(step =>
        {
            var grown = Math.Min((Now - step.At) / ageingStep, (int)step.Class);
            return (Lane: step.Class - grown, Aged: grown > 0, Since: step.At + (grown * ageingStep), step.Order);
        })
        .OrderBy(rank => rank.Lane).ThenByDescending(rank => rank.Order).First();

    private sealed class Key
    {
        public List<Request> Asked { get; } = [];

        public List<(int At, Priority Class, int Order)> Steps { get; } = [];

        public Priority? Running { get; set; }


        public int ReadySince { get; set; }

        public int Arrival { get; set; }
    }

    private readonly record struct Request(Priority Priority, AddKind Kind, int At, bool PastFloor, int Floor);
}
