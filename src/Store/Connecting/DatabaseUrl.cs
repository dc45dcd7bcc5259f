using System.Diagnostics.CodeAnalysis;
using Npgsql;

namespace Store;

/// <summary>
/// Where the database is, as operators write it: a <c>postgres://</c> URL, Npgsql's <c>Key=Value;…</c> or libpq's <c>key=value …</c>.
/// No text of it except <see cref="ConnectionString"/> ever holds the password, and a problem quotes nothing that was written.
/// </summary>
public sealed class DatabaseUrl
{
    private const int PoolerPort = 6543;

    private DatabaseUrl(NpgsqlConnectionStringBuilder builder, bool transactionPooler)
    {
        ConnectionString = builder.ConnectionString;
        TransactionPooler = transactionPooler;
        Display = $"{builder.Host}:{builder.Port}/{builder.Database ?? builder.Username}";
    }

    /// <summary>For Npgsql, the password included.</summary>
    public string ConnectionString { get; }

    /// <summary>A pooler that lends a server connection for one transaction (port 6543 or <c>pgbouncer=true</c>): no LISTEN,
    /// no prepared statements, no session settings.</summary>
    public bool TransactionPooler { get; }

    /// <summary>Host, port and database, for people.</summary>
    public string Display { get; }

    /// <exception cref="FormatException">With the problem, safe to show.</exception>
    public static DatabaseUrl Parse(string text) =>
        TryParse(text, out var url, out var problem) ? url : throw new FormatException(problem);

    public static bool TryParse(string? text, [NotNullWhen(true)] out DatabaseUrl? url, [NotNullWhen(false)] out string? problem)
    {
        url = null;
        problem = null;
        try
        {
            url = Read((text ?? "").Trim());
            return true;
        }
        catch (ConnectionTextException error)
        {
            problem = $"the database URL {error.Message}";
            return false;
        }
    }

    public override string ToString() => Display;

    private static DatabaseUrl Read(string text)
    {
        if (text.Length == 0)
            throw new ConnectionTextException("is empty");
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ConnectionTextException("contains a NUL character");
        if (text[0] is '"' or '\'' && text[^1] == text[0])
            throw new ConnectionTextException("is wrapped in quotes: remove them");

        var settings = new ConnectionSettings();
        if (UrlForm.Matches(text))
            UrlForm.Read(text, settings);
        else if (UrlForm.HasScheme(text))
            throw new ConnectionTextException("must begin with postgres:// or postgresql://");
        else if (!LibpqForm.TryRead(text, settings))
            NpgsqlForm.Read(text, settings);
        return settings.Build(static (builder, pooler) => new DatabaseUrl(builder, pooler || PortsOf(builder).Contains(PoolerPort)));
    }

    private static IEnumerable<int> PortsOf(NpgsqlConnectionStringBuilder builder) =>
        (builder.Host ?? "").Split(',').Select(host =>
            host.LastIndexOf(':') is > 0 and var colon && int.TryParse(host.AsSpan(colon + 1), out var port) && !host.EndsWith(']')
                ? port
                : builder.Port);
}
