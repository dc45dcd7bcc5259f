using System.Globalization;

namespace Simulation.Faults;

/// <summary>How often each class of fault, and each kind at each call, was injected; and how often the run survived it.</summary>
internal sealed class Coverage
{
    private readonly SortedDictionary<FaultClass, (long Injected, long Survived)> _classes = [];
    private readonly SortedDictionary<string, long> _sites = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<FaultClass, (long Injected, long Survived)> Classes => _classes;

    /// <summary>By <c>kind @ call</c>.</summary>
    public IReadOnlyDictionary<string, long> Sites => _sites;

    public void Injected(FaultClass fault, string? site = null)
    {
        var (injected, survived) = _classes.GetValueOrDefault(fault);
        _classes[fault] = (injected + 1, survived);
        if (site is not null)
        {
            _sites[site] = _sites.GetValueOrDefault(site) + 1;
        }
    }

    /// <summary>The run in which this was counted ended well.</summary>
    public void Survived()
    {
        foreach (var (fault, (injected, _)) in _classes.ToList())
        {
            _classes[fault] = (injected, injected);
        }
    }

    public void Add(Coverage other)
    {
        foreach (var (fault, (injected, survived)) in other._classes)
        {
            Add(fault, injected, survived);
        }

        foreach (var (site, count) in other._sites)
        {
            _sites[site] = _sites.GetValueOrDefault(site) + count;
        }
    }

    private void Add(FaultClass fault, long injected, long survived)
    {
        var mine = _classes.GetValueOrDefault(fault);
        _classes[fault] = (mine.Injected + injected, mine.Survived + survived);
    }

    /// <summary>To a file that several processes' runs are added up from.</summary>
    public void Save(string path) => File.WriteAllLines(path,
    [
        .. _classes.Select(c => string.Create(CultureInfo.InvariantCulture, $"class\t{c.Key}\t{c.Value.Injected}\t{c.Value.Survived}")),
        .. _sites.Select(s => string.Create(CultureInfo.InvariantCulture, $"site\t{s.Key}\t{s.Value}")),
    ]);

    /// <exception cref="FormatException">It is not a file of ours.</exception>
    public void Load(string path)
    {
        foreach (var line in File.ReadLines(path))
        {
            switch (line.Split('\t'))
            {
                case ["class", var name, var injected, var survived] when Enum.TryParse<FaultClass>(name, out var fault):
                    Add(fault, long.Parse(injected, CultureInfo.InvariantCulture), long.Parse(survived, CultureInfo.InvariantCulture));
                    break;
                case ["site", var site, var count]:
                    _sites[site] = _sites.GetValueOrDefault(site) + long.Parse(count, CultureInfo.InvariantCulture);
                    break;
                default:
                    throw new FormatException($"{path}: '{line}' is no line of a coverage file");
            }
        }
    }
}
