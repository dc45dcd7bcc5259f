namespace FlySim.Http;

/// <summary>Answers a request; null breaks the connection without an answer.</summary>
internal delegate Task<Reply?> SimEndpoint(SimRequest request);

/// <summary>
/// Which endpoint an address belongs to. A table of its own instead of ASP.NET's routing, because the host inside the
/// process has none and two ways to match would drift apart.
/// </summary>
internal sealed class RouteTable(SimEndpoint fallback)
{
    private const int MostSegments = 8;
    private readonly Dictionary<(string Method, int Segments), List<Entry>> _entries = [];

    /// <param name="pattern">Literals and <c>{names}</c>. Of two that match, the one added first is taken.</param>
    public void Add(string method, string pattern, SimEndpoint endpoint)
    {
        var segments = pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (!_entries.TryGetValue((method, segments.Length), out var entries))
        {
            _entries[(method, segments.Length)] = entries = [];
        }

        entries.Add(new Entry(segments, endpoint));
    }

    public Task<Reply?> AnswerAsync(SimRequest request)
    {
        Span<Range> ranges = stackalloc Range[MostSegments + 1];
        var path = request.Path.AsSpan();
        path = path.StartsWith('/') ? path[1..] : path;
        path = path.EndsWith('/') ? path[..^1] : path;
        var count = path.Split(ranges, '/');
        if (count <= MostSegments && _entries.TryGetValue((request.Method, count), out var entries))
        {
            foreach (var entry in entries)
            {
                if (entry.Matches(path, ranges))
                {
                    request.Matched(new RouteMatch(entry.Segments, entry.Values(path, ranges)));
                    return entry.Endpoint(request);
                }
            }
        }

        return fallback(request);
    }

    private static bool IsParameter(string segment) => segment[0] == '{';

    private sealed record Entry(string[] Segments, SimEndpoint Endpoint)
    {
        public bool Matches(ReadOnlySpan<char> path, ReadOnlySpan<Range> ranges)
        {
            for (var i = 0; i < Segments.Length; i++)
            {
                var part = path[ranges[i]];
                if (part.IsEmpty || (!IsParameter(Segments[i]) && !part.Equals(Segments[i], StringComparison.OrdinalIgnoreCase)))
                {
                    return false;
                }
            }

            return true;
        }

        public string?[] Values(ReadOnlySpan<char> path, ReadOnlySpan<Range> ranges)
        {
            var values = new string?[Segments.Length];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = IsParameter(Segments[i]) ? path[ranges[i]].ToString() : null;
            }

            return values;
        }
    }
}

/// <summary>The values that an address gave to a route's parameters.</summary>
internal readonly record struct RouteMatch(string[] Segments, string?[] Values)
{
    public string? Value(string name)
    {
        for (var i = 0; i < Segments?.Length; i++)
        {
            if (Values[i] is not null && Segments[i].AsSpan(1, Segments[i].Length - 2).SequenceEqual(name))
            {
                return Values[i];
            }
        }

        return null;
    }
}
