namespace Store;

/// <summary><c>postgres://user:password@host:port/database?setting=value</c>, with every part but the host optional.</summary>
internal static class UrlForm
{
    private static readonly string[] Schemes = ["postgres://", "postgresql://"];

    public static bool Matches(string text) => Schemes.Any(scheme => text.StartsWith(scheme, StringComparison.OrdinalIgnoreCase));

    public static bool HasScheme(string text)
    {
        var colon = text.IndexOf("://", StringComparison.Ordinal);
        return colon > 0 && text.AsSpan(0, colon).IndexOfAnyExcept(SchemeLetters) < 0;
    }

    public static void Read(string text, ConnectionSettings settings)
    {
        var rest = text[(text.IndexOf("://", StringComparison.Ordinal) + 3)..];
        var (beforeQuery, query) = Cut(rest, rest.IndexOf('?', StringComparison.Ordinal));

        // The last @, because passwords are often pasted without encoding theirs.
        var at = beforeQuery.LastIndexOf('@');
        var userInfo = at < 0 ? "" : beforeQuery[..at];
        var address = beforeQuery[(at + 1)..];
        var (hosts, database) = Cut(address, address.IndexOf('/', StringComparison.Ordinal));

        var (user, password) = Cut(userInfo, userInfo.IndexOf(':', StringComparison.Ordinal));
        SetUnlessEmpty("user", Decode(user));
        SetUnlessEmpty("password", Decode(password));
        SetUnlessEmpty("dbname", Decode(database));
        if (hosts.Length > 0)
            ReadHosts(hosts, settings);
        foreach (var pair in query.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var (name, value) = Cut(pair, pair.IndexOf('=', StringComparison.Ordinal));
            if (name.Length == pair.Length)
                throw new ConnectionTextException("has a setting without a value after '?' (write a '?' in a password as %3F)");
            settings.Set(Decode(name), Decode(value));
        }

        void SetUnlessEmpty(string name, string value)
        {
            if (value.Length > 0)
                settings.Set(name, value);
        }
    }

    private static readonly System.Buffers.SearchValues<char> SchemeLetters =
        System.Buffers.SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-.");

    private static void ReadHosts(string hosts, ConnectionSettings settings)
    {
        var parts = hosts.Split(',').Select(static part => Endpoint(part)).ToList();
        if (parts is [var (host, port)])
        {
            settings.Set("host", host);
            if (port is not null)
                settings.Set("port", port);
            return;
        }
        settings.Set("host", string.Join(',', parts.Select(static part =>
        {
            var name = part.Host.Contains(':', StringComparison.Ordinal) ? $"[{part.Host}]" : part.Host;
            return part.Port is null ? name : $"{name}:{part.Port}";
        })));
    }

    private static (string Host, string? Port) Endpoint(string text)
    {
        string host;
        string after;
        if (text.StartsWith('['))
        {
            var end = text.IndexOf(']', StringComparison.Ordinal);
            if (end < 0 || !System.Net.IPAddress.TryParse(text[1..end], out _))
                throw new ConnectionTextException("has an IPv6 address that is not one, or not closed with ']'");
            host = text[1..end];
            after = text[(end + 1)..];
        }
        else
        {
            var colon = text.LastIndexOf(':');
            host = Decode(colon < 0 ? text : text[..colon]);
            after = colon < 0 ? "" : text[colon..];
            if (host.AsSpan().IndexOfAny(" :@[]") >= 0)
                throw new ConnectionTextException(
                    "has a host with characters that a host name cannot have; an IPv6 address goes into [ ]");
        }

        if (after is "" or ":")
            return (host, null);
        if (after[0] != ':' || !ushort.TryParse(after.AsSpan(1), System.Globalization.NumberStyles.None, null, out var port) || port == 0)
            throw new ConnectionTextException(
                "has a port that is not between 1 and 65535; in a password write '/' as %2F, '?' as %3F");
        return (host, port.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    private static string Decode(string text)
    {
        for (var i = text.IndexOf('%', StringComparison.Ordinal); i >= 0; i = text.IndexOf('%', i + 1))
        {
            if (i + 2 >= text.Length || !char.IsAsciiHexDigit(text[i + 1]) || !char.IsAsciiHexDigit(text[i + 2]))
                throw new ConnectionTextException("has a '%' that begins no escape; write the character itself as %25");
        }
        var decoded = Uri.UnescapeDataString(text);
        return decoded.Contains('\0', StringComparison.Ordinal)
            ? throw new ConnectionTextException("contains a NUL character")
            : decoded;
    }

    private static (string Before, string After) Cut(string text, int at) => at < 0 ? (text, "") : (text[..at], text[(at + 1)..]);
}
