using FlySim.Admin;

namespace FlySim.Model;

/// <summary>Which programs run, by app and by user, and whether ever two did at once.</summary>
internal sealed class RunningSet
{
    private readonly Dictionary<string, SortedSet<string>> _running = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _most = new(StringComparer.Ordinal);
    private readonly List<Overlap> _overlaps = [];

    private int _users;

    public IReadOnlyList<Overlap> Overlaps => _overlaps;

    /// <summary>The fewest users that had a program running at once since <see cref="WatchUsers"/>.</summary>
    public int FewestUsers { get; private set; }

    public void WatchUsers() => FewestUsers = _users;

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
            _users += IsUser(key) ? 1 : 0;
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
            _users -= IsUser(key) ? 1 : 0;
            FewestUsers = Math.Min(FewestUsers, _users);
        }
    }

    private static bool IsUser(string key) => key.StartsWith(OfUser(""), StringComparison.Ordinal);
}
