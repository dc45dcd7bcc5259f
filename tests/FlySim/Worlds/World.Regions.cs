using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    private const int PlentyOfRoom = 1000;
    private readonly Dictionary<string, int> _capacity = new(StringComparer.Ordinal);

    internal void LimitRegion(string region, int? capacity)
    {
        if (capacity is { } limit)
        {
            _capacity[region] = limit;
        }
        else
        {
            _capacity.Remove(region);
        }
    }

    /// <summary>How many more machines a region takes.</summary>
    internal int RoomIn(string region)
    {
        if (!_capacity.TryGetValue(region, out var limit))
        {
            return PlentyOfRoom;
        }

        return Math.Max(0, limit - _machines.Values.Count(m => m.Region == region && !m.IsDestroyed));
    }

    /// <summary>The first region of a comma-separated wish that has room.</summary>
    private string PlaceIn(string? wish, SimApp app)
    {
        var candidates = Candidates(wish);
        return candidates.FirstOrDefault(r => RoomIn(r) > 0) ?? throw new RefusedException(
            422,
            $"no capacity available: could not find a candidate host for app {app.Name} in {string.Join(", ", candidates)}",
            "insufficient_capacity");
    }

    internal List<string> Candidates(string? wish)
    {
        if (string.IsNullOrEmpty(wish))
        {
            return [Options.DefaultRegion];
        }

        var candidates = new List<string>();
        foreach (var code in wish.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (code == "any")
            {
                candidates.AddRange(Regions.All.Where(r => !r.Deprecated).Select(r => r.Code));
            }
            else if (Regions.Exists(code))
            {
                candidates.Add(code);
            }
            else
            {
                throw new RefusedException(422, $"invalid_argument: region {code} not found");
            }
        }

        return candidates;
    }
}
