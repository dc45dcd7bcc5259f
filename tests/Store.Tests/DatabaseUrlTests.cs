using CsCheck;
using Npgsql;

namespace Store.Tests;

public sealed class DatabaseUrlTests
{
    [Theory]
    [InlineData("postgres://u:p@h/d", "h", 5432, "u", "p", "d")]
    [InlineData("postgresql://u:p@h:6000/d", "h", 6000, "u", "p", "d")]
    [InlineData("POSTGRES://u@h", "h", 5432, "u", null, null)]
    [InlineData("postgres://h", "h", 5432, null, null, null)]
    [InlineData("postgres://h:5433/", "h", 5433, null, null, null)]
    [InlineData("  postgres://u:p@h/d\n", "h", 5432, "u", "p", "d")]
    [InlineData("postgres://u:p%40ss%2Fw%3Ar%25%3F@h/my%20db", "h", 5432, "u", "p@ss/w:r%?", "my db")]
    [InlineData("postgres://u:p@ss:w@h/d", "h", 5432, "u", "p@ss:w", "d")]
    [InlineData("postgres://u:p%C3%A4ss+1@h/d", "h", 5432, "u", "päss+1", "d")]
    [InlineData("postgres://u:a;b'c\"d=e@h/d", "h", 5432, "u", "a;b'c\"d=e", "d")]
    [InlineData("postgres://u:p@[::1]:6000/d", "::1", 6000, "u", "p", "d")]
    [InlineData("postgres://u:p@[2001:db8::1]/d", "2001:db8::1", 5432, "u", "p", "d")]
    [InlineData("postgres:///d?host=/var/run/postgresql&user=u", "/var/run/postgresql", 5432, "u", null, "d")]
    [InlineData("postgres://u:p@h1:6000,h2:6001/d", "h1:6000,h2:6001", 5432, "u", "p", "d")]
    [InlineData("host=h dbname=d user=u password=p", "h", 5432, "u", "p", "d")]
    [InlineData("host = h  port= 6000 dbname='my db' user=u password='it\\'s \\\\ ok'", "h", 6000, "u", "it's \\ ok", "my db")]
    [InlineData("host=h user=u password=a;b dbname=d", "h", 5432, "u", "a;b", "d")]
    [InlineData("Host=h;Port=6000;Username=u;Password=p;Database=d", "h", 6000, "u", "p", "d")]
    [InlineData("host=h;username=u;password=p;database=d", "h", 5432, "u", "p", "d")]
    [InlineData("Server=h;User Id=u;Password=\"a;b\";Database=d;", "h", 5432, "u", "a;b", "d")]
    [InlineData("Host=h", "h", 5432, null, null, null)]
    public void Is_read_in_every_form(string text, string host, int port, string? user, string? password, string? database)
    {
        var read = Read(text);

        Assert.Equal((host, port, user, password, database), (read.Host, read.Port, read.Username, read.Password, read.Database));
    }

    [Theory]
    [InlineData("?sslmode=require", SslMode.Require)]
    [InlineData("?sslmode=verify-full&sslrootcert=/etc/ca.pem", SslMode.VerifyFull)]
    [InlineData("?sslmode=verify-ca", SslMode.VerifyCA)]
    [InlineData("?SSL%20Mode=Disable", SslMode.Disable)]
    [InlineData("", SslMode.Prefer)]
    public void Tls_is_kept(string query, SslMode mode)
    {
        var read = Read("postgres://u:p@h/d" + query);

        Assert.Equal(mode, read.SslMode);
        Assert.Equal(query.Contains("sslrootcert", StringComparison.Ordinal) ? "/etc/ca.pem" : null, read.RootCertificate);
    }

    [Theory]
    [InlineData("host=h sslmode=verify-full sslrootcert=/ca.pem", SslMode.VerifyFull, "/ca.pem")]
    [InlineData("Host=h;SSL Mode=VerifyFull;Root Certificate=/ca.pem", SslMode.VerifyFull, "/ca.pem")]
    public void Tls_is_kept_in_the_other_forms(string text, SslMode mode, string root)
    {
        var read = Read(text);

        Assert.Equal((mode, root), (read.SslMode, read.RootCertificate));
    }

    [Fact]
    public void Limits_are_set_where_the_operator_set_none()
    {
        var ours = Read("postgres://h/d");
        var theirs = Read("postgres://h/d?connect_timeout=7&application_name=mine&Command%20Timeout=33&keepalives=1&connection_limit=3");

        Assert.Equal(
            ("fly-reconciler", 5, 10, 10, 20),
            (ours.ApplicationName, ours.Timeout, ours.CommandTimeout, ours.KeepAlive, ours.MaxPoolSize));
        Assert.Equal(("mine", 7, 33, 3), (theirs.ApplicationName, theirs.Timeout, theirs.CommandTimeout, theirs.MaxPoolSize));
    }

    [Theory]
    [InlineData("postgres://h/d", 50)]
    [InlineData("postgres://h/d?Max%20Auto%20Prepare=7", 7)]
    [InlineData("postgres://h/d?pgbouncer=true", 0)]
    [InlineData("postgres://h:6543/d?Max%20Auto%20Prepare=7", 0)]
    public void Statements_are_prepared_unless_the_server_behind_a_pooler_changes(string text, int statements)
    {
        var read = Read(text);

        Assert.Equal((statements, true), (read.MaxAutoPrepare, read.NoResetOnClose));
    }

    [Theory]
    [InlineData("postgres://u:p@h:6543/d", true)]
    [InlineData("postgres://u:p@h:5432/d?pgbouncer=true", true)]
    [InlineData("postgres://u:p@h1:5432,h2:6543/d", true)]
    [InlineData("Host=h;Port=6543", true)]
    [InlineData("host=h port=6543", true)]
    [InlineData("postgres://u:p@h:5432/d", false)]
    [InlineData("postgres://u:p@h/d?pgbouncer=false", false)]
    public void A_transaction_pooler_is_recognised(string text, bool pooler) =>
        Assert.Equal(pooler, DatabaseUrl.Parse(text).TransactionPooler);

    [Theory]
    [InlineData(null, "empty")]
    [InlineData("   ", "empty")]
    [InlineData("\"postgres://h/d\"", "quotes")]
    [InlineData("https://h/d", "must begin with")]
    [InlineData("mysql://u:p@h/d", "must begin with")]
    [InlineData("postgres://", "no host")]
    [InlineData("postgres://u:p@/d", "no host")]
    [InlineData("dbname=d user=u", "host")]
    [InlineData("Username=u;Password=p", "no host")]
    [InlineData("postgres://u:p@h:port/d", "port")]
    [InlineData("postgres://u:p@h:0/d", "port")]
    [InlineData("postgres://u:p@h:99999/d", "port")]
    [InlineData("Host=h;Port=-1", "'port'")]
    [InlineData("postgres://u:p%@h/d", "%25")]
    [InlineData("postgres://u:p%00@h/d", "NUL")]
    [InlineData("postgres://u:p@[::1/d", "IPv6")]
    [InlineData("postgres://u:p@[nonsense]/d", "IPv6")]
    [InlineData("postgres://u:p@::1/d", "[ ]")]
    [InlineData("postgres://u:p@h/d?sslmode=perhaps", "SSL Mode")]
    [InlineData("postgres://u:p@h/d?nonsense=1", "not known")]
    [InlineData("postgres://u:p@h/d?sslmode", "without a value")]
    [InlineData("nonsense", "neither")]
    public void A_problem_says_what_is_wrong(string? text, string part)
    {
        Assert.False(DatabaseUrl.TryParse(text, out _, out var problem));
        Assert.Contains(part, problem, StringComparison.Ordinal);
        Assert.StartsWith("the database URL ", problem, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_encoded_is_decoded() =>
        Gen.Select(Gen.String, Gen.String, Gen.String)
            .Where(static parts => !parts.Item1.Contains('\0') && !parts.Item2.Contains('\0') && !parts.Item3.Contains('\0'))
            .Sample(static (user, password, database) =>
            {
                var (u, p, d) = (PgText.Clean(user), PgText.Clean(password), PgText.Clean(database));
                var read = Read($"postgres://{Uri.EscapeDataString(u)}:{Uri.EscapeDataString(p)}@h/{Uri.EscapeDataString(d)}");
                return (read.Username ?? "") == u && (read.Password ?? "") == p && (read.Database ?? "") == d;
            });

    [Fact]
    public void No_problem_ever_quotes_the_password()
    {
        string[] shapes =
        [
            "postgres://u:{0}@h/d", "postgres://u:{0}@h:99999/d", "postgres://u:{0}@h/d?sslmode={0}", "postgres://{0}", "{0}",
            "postgres://u:{0}@h/d?{0}=1", "host=h password={0} {0}=1", "Host=h;Password={0};{0}=1", "Host=h;Port={0}", "{0}://u:{0}@h",
            "postgres://u:p@{0}:{0}/d", "postgres://u:p@[{0}]/d", "host='{0}",
        ];
        var noisy = Gen.Char[" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~aZ09é"].Array[4, 12];
        Gen.Select(Gen.Int[0, shapes.Length - 1], noisy).Sample((shape, noise) =>
        {
            var password = $"{new string(noise)}Xq7Zv9{new string(noise)}";
            var text = shapes[shape].Replace("{0}", password, StringComparison.Ordinal);
            return DatabaseUrl.TryParse(text, out _, out var problem) || !problem.Contains("Xq7Zv9", StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public void Its_own_text_names_the_place_only() =>
        Assert.Equal("h:6000/d", DatabaseUrl.Parse("postgres://me:secret@h:6000/d").ToString());

    private static NpgsqlConnectionStringBuilder Read(string text) => new(DatabaseUrl.Parse(text).ConnectionString);
}
