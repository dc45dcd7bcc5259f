using FlySim.Http;

namespace FlySim.InProcess;

/// <summary>Finds the route of a request by method and segments, without a web server's machinery.</summary>
internal static class RouteMatcher
{
    private static readonly Dictionary<(string Method, int Segments), List<(ApiRoute Route, string[] Segments)>> Table = Build();

    /// <param name="method">In capitals.</param>
    /// <param name="path">Absolute, without a query.</param>
    /// <param name="values">The values of the segments in braces.</param>
    public static ApiRoute Find(string method, string path, RouteValueDictionary values)
    {
        var segments = Split(path);
        if (Table.TryGetValue((method, segments.Length), out var candidates))
        {
            foreach (var (route, pattern) in candidates)
            {
                if (Matches(pattern, segments))
                {
                    Take(pattern, segments, values);
                    return route;
                }
            }
        }

        return Routes.Fallback(method);
    }

    private static bool Matches(string[] pattern, string[] segments)
    {
        for (var n = 0; n < pattern.Length; n++)
        {
            if (pattern[n][0] != '{' && pattern[n] != segments[n])
            {
                return false;
            }
        }

        return true;
    }

    private static void Take(string[] pattern, string[] segments, RouteValueDictionary values)
    {
        for (var n = 0; n < pattern.Length; n++)
        {
            if (pattern[n][0] == '{')
            {
                values[pattern[n][1..^1]] = Uri.UnescapeDataString(segments[n]);
            }
        }
    }

    private static string[] Split(string path) => path.Split('/', StringSplitOptions.RemoveEmptyEntries);

    private static Dictionary<(string, int), List<(ApiRoute, string[])>> Build()
    {
        var table = new Dictionary<(string, int), List<(ApiRoute, string[])>>();
        foreach (var route in Routes.All)
        {
            var segments = Split(route.Pattern);
            var key = (route.Method, segments.Length);
            if (!table.TryGetValue(key, out var routes))
            {
                table[key] = routes = [];
            }

            // Literal segments outrank values, as in the web server's routing.
            routes.Add((route, segments));
            routes.Sort(static (a, b) => a.Item2.Count(s => s[0] == '{').CompareTo(b.Item2.Count(s => s[0] == '{')));
        }

        return table;
    }
}
