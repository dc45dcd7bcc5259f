using FlySim.Admin;

namespace FlySim.Model;

/// <summary>Which programs run, by app and by user, and whether ever two did at once.</summary>
internal sealed class RunningSet
{
    private readonly Dictionary<string, SortedSet<string>> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _most = new(StringComparer.Ordinal);
    private readonly List<Overlap> _overlaps = [];

    public IReadOnlyList<Overlap> Overlaps => _overlaps;

    public static string OfApp(string name) => "app " + name;

    public static string OfUser(string id) => "user " + id;

    public int Now(string key) => _running.TryGetValue(key, out var set) ? set.Count : 0;

    public int Most(string key) => _most.GetValueOrDefault(key);

    /// <summary>The most that ever ran at once, by user.</summary>
    public IReadOnlyDictionary<string, int> MostByUser()
    {
        var prefix = OfUser("");
        return _most.Where(p => p.Key.StartsWith(prefix, StringComparison.Ordinal))
            .ToDictionary(p => p.Key[prefix.Length..], p => p.Value, StringComparer.Ordinal);
    }

    public void Add(string key, string machine, DateTimeOffset now)
    {
        if (!_running.TryGetValue(key, out var set))
        {
            _running[key] = set = new SortedSet<string>(StringComparer.Ordinal);
        }

        if (!set.Add(machine))
        {
            return;
        }

        _most[key] = Math.Max(Most(key), set.Count);
        if (set.Count > 1)
        {
            _overlaps.Add(new Overlap(key, now, [.. set]));
        }
    }

    public void Remove(string key, string machine)
    {
        if (_running.TryGetValue(key, out var set) && set.Remove(machine) && set.Count == 0)
        {
            _running.Remove(key);
        }
    }
}
