using CsCheck;

namespace Store.Tests;

/// <summary>DATABASE_URL in its three forms, as anything may be pasted into it.</summary>
public sealed class HostileDatabaseUrlTests
{
    private const string Secret = "Xq7Zv9Wk2Pm";

    private static readonly string[] Settings =
    [
        "sslmode", "sslrootcert", "connect_timeout", "application_name", "channel_binding", "target_session_attrs", "options", "pgbouncer", "connection_limit", "schema", "Timeout",
        "Command Timeout", "Keepalive", "Maximum Pool Size", "Host", "Port", "Username", "Password", "Search Path", "Timezone", "Encoding", "Max Auto Prepare", "Pooling",
        "Integrated Security", "Include Error Detail", "Persist Security Info", "Enlist", "Load Balance Hosts", "Kerberos Service Name", "Log Parameters", "No Such Setting",
    ];

    private static readonly Gen<string> Texts = Gen.OneOf(
        HostileText.Any,
        HostileText.Any.Select(text => "postgres://" + text),
        HostileText.Any.Select(text => "host=h " + text),
        HostileText.Any.Select(text => "Host=h;" + text),
        HostileText.Within(
            "postgresql://user:pass@db.example.com:6543/app?sslmode=verify-full&connect_timeout=5", "postgres://h1,h2:5433/d", "postgres://u@[::1]:5432/d",
            "host=db.example.com dbname='my db' password=it\\'s user=u", "Host=db;Username=me;Password=\"a;b\";SSL Mode=Require"),
        Gen.Select(Gen.OneOf(Settings), HostileText.Within("1", "true", "require", "read-write", "9999999999"), Gen.Int[0, 2], (name, value, form) => form switch
        {
            0 => $"postgres://u:p@h/d?{Uri.EscapeDataString(name)}={value}",
            1 => $"host=h {name}='{value}'",
            _ => $"Host=h;{name}={value}",
        }));

    [Fact]
    public void Any_text_is_a_place_or_a_problem_and_both_are_fit_to_be_shown() => Texts.Hold(6_000, text =>
    {
        if (DatabaseUrl.TryParse(text, out var url, out var problem))
        {
            HostileText.AssertHarmless(url.Display, int.MaxValue);
            Assert.NotNull(new Npgsql.NpgsqlConnectionStringBuilder(url.ConnectionString).Host);
        }
        else
        {
            HostileText.AssertHarmless(problem, 300);
        }
    });

    [Fact]
    public void No_part_of_a_password_is_in_a_problem_or_in_what_is_shown() =>
        Gen.Select(Gen.OneOf("postgres://u:{0}@h/d", "host=h password={0} user=u", "host=h password='{0}", "Host=h;Password={0};Username=u", "Host=h;Pasword={0}", "postgres://u:{0}@h:x/d?y"), HostileText.Any, HostileText.Any)
        .Hold(3_000, (shape, before, after) =>
        {
            var text = shape.Replace("{0}", before + Secret + after, StringComparison.Ordinal);

            _ = DatabaseUrl.TryParse(text, out _, out var problem);

            HostileText.AssertHides(problem, Secret);
        });

    [Fact]
    public void Megabytes_are_judged_in_time() => Assert.All(HostileText.Megabytes(), text => HostileRun.InTime(() =>
    {
        foreach (var form in new[] { "", "postgres://", "postgres://u:p@h/d?", "host=h password='", "Host=h;" })
            _ = DatabaseUrl.TryParse(form + text, out _, out _);
    }));

    [Theory]
    [InlineData("postgres://u:p@h/my%0Adb")]
    [InlineData("postgres://u:p@h/my%E2%80%AEdb")]
    [InlineData("postgres://u%1B[2J:p@h/d")]
    [InlineData("Host=h;Database=d\u202Ex")]
    public void A_name_that_would_forge_a_line_is_refused(string text)
    {
        Assert.False(DatabaseUrl.TryParse(text, out _, out var problem));
        Assert.Contains("invisible character", problem, StringComparison.Ordinal);
    }
}
