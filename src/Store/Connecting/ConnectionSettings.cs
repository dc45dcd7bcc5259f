using Npgsql;

namespace Store;

/// <summary>Collects settings under libpq's names or Npgsql's and makes a connection string of them.</summary>
internal sealed class ConnectionSettings
{
    /// <summary>libpq's names for settings that Npgsql names differently.</summary>
    private static readonly Dictionary<string, string> NpgsqlNames = new(StringComparer.OrdinalIgnoreCase)
    {
        ["dbname"] = "Database",
        ["user"] = "Username",
        ["hostaddr"] = "Host",
        ["connect_timeout"] = "Timeout",
        ["application_name"] = "Application Name",
        ["sslmode"] = "SSL Mode",
        ["sslrootcert"] = "Root Certificate",
        ["sslcert"] = "SSL Certificate",
        ["sslkey"] = "SSL Key",
        ["sslpassword"] = "SSL Password",
        ["sslnegotiation"] = "SSL Negotiation",
        ["channel_binding"] = "Channel Binding",
        ["client_encoding"] = "Client Encoding",
        ["gssencmode"] = "GSS Encryption Mode",
        ["krbsrvname"] = "Kerberos Service Name",
        ["passfile"] = "Passfile",
        ["require_auth"] = "Require Auth",
        ["target_session_attrs"] = "Target Session Attributes",
        ["connection_limit"] = "Maximum Pool Size", // Prisma's, which hosted databases put into the URL they show
    };

    /// <summary>Settings that mean something to another client and nothing to this one.</summary>
    private static readonly HashSet<string> Ignored = new(StringComparer.OrdinalIgnoreCase)
    {
        "pool_timeout", "schema", "statement_cache_size", "keepalives", "keepalives_count", "keepalives_idle", "keepalives_interval",
        "tcp_user_timeout", "sslcompression", "sslsni", "fallback_application_name", "load_balance_hosts", "supa", "workaround",
    };

    private readonly NpgsqlConnectionStringBuilder _builder = [];
    private readonly HashSet<string> _written = new(StringComparer.OrdinalIgnoreCase);
    private bool _transactionPooler;

    public static bool IsLibpqName(string name) =>
        NpgsqlNames.ContainsKey(name) || Ignored.Contains(name) || name is "host" or "port" or "password" or "options" or "pgbouncer";

    /// <exception cref="ConnectionTextException">The name or value cannot be used.</exception>
    public void Set(string name, string value)
    {
        if (Ignored.Contains(name))
            return;
        if (name.Equals("pgbouncer", StringComparison.OrdinalIgnoreCase))
        {
            _transactionPooler = value is "true" or "1" or "yes" or "on";
            return;
        }

        var key = NpgsqlNames.GetValueOrDefault(name, name);
        if (key.Equals("Include Error Detail", StringComparison.OrdinalIgnoreCase))
            return; // details quote rows, and errors end up in logs
        if (!_builder.TryGetValue(key, out _))
        {
            throw new ConnectionTextException(
                "has a setting that is not known; the names are libpq's (sslmode, connect_timeout, …) or Npgsql's");
        }
        try
        {
            _builder[key] = Translate(key, value);
        }
        catch (Exception error) when (error is ArgumentException or FormatException or OverflowException or InvalidCastException)
        {
            // Npgsql's message quotes the value, and a misplaced separator makes any value a part of the password.
            throw new ConnectionTextException($"has a value that '{key}' cannot take");
        }
        _written.Add(key);
    }

    public DatabaseUrl Build(Func<NpgsqlConnectionStringBuilder, bool, DatabaseUrl> make)
    {
        if (string.IsNullOrWhiteSpace(_builder.Host))
            throw new ConnectionTextException("names no host");
        if (!PgText.IsOneLine($"{_builder.Host}{_builder.Database}{_builder.Username}"))
            throw new ConnectionTextException("has a host, database or user with a control or invisible character");
        if (_builder.Port is < 1 or > 65535)
            throw new ConnectionTextException("has a port that is not between 1 and 65535");

        Default("Application Name", "fly-reconciler");
        Default("Timeout", 5);
        Default("Command Timeout", 10);
        Default("Keepalive", 10);
        Default("Maximum Pool Size", 20);
        // Parsing and planning is most of what our statements cost the server. They are some forty texts, used over and over.
        Default("Max Auto Prepare", 50);
        Default("Auto Prepare Min Usages", 2);
        Default("No Reset On Close", true); // no statement leaves anything in the session but its plan
        var url = make(_builder, _transactionPooler);
        if (!url.TransactionPooler)
            return url;

        // The server behind the pooler changes with each transaction: nothing may be left there.
        _builder.MaxAutoPrepare = 0;
        _builder.NoResetOnClose = true;
        return make(_builder, true);
    }

    private static string Translate(string key, string value) => key switch
    {
        // libpq spells with hyphens what the enumerations of Npgsql spell in one word.
        "SSL Mode" or "Target Session Attributes" or "Channel Binding" or "GSS Encryption Mode" or "SSL Negotiation"
            => value.Replace("-", "", StringComparison.Ordinal),
        _ => value,
    };

    private void Default(string key, object value)
    {
        if (!_written.Contains(key))
            _builder[key] = value;
    }
}
