using CsCheck;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Cli;

namespace Reconciler.Tests.Cli;

/// <summary>Command lines, and what commands print for people.</summary>
public sealed class HostileArgumentsTests
{
    private static readonly string[] Words =
    [
        "run", "once", "plan", "status", "migrate", "doctor", "force", "release-hold", "--json", "--user", "--print", "--verbose", "--timeout", "--wait", "--owner", "--reason",
        "--", "-", "--help", "-h", "--version", "@/etc/passwd", "@", "[suggest:3]", "[diagram]", "00:01:00", "99999999.00:00:00", "-1", "--timeout=", "--user=x",
    ];

    [Fact]
    public void Any_arguments_are_a_command_or_problems_fit_for_a_terminal() =>
        Gen.OneOf(Gen.OneOf(Words), HostileText.Any, HostileText.Within(Words)).Array[0, 6].Hold(3_000, args =>
        {
            var (result, problems) = CommandLine.Parse(args);

            Assert.Equal(result.Errors.Count, problems.Count);
            Assert.All(problems, problem => HostileText.AssertHarmless(problem, 4_001));
        });

    [Fact]
    public void A_name_that_begins_with_an_at_sign_is_a_name_and_no_file() =>
        Assert.Empty(CommandLine.Parse(["force", "@/etc/passwd"]).Problems);

    [Fact]
    public void A_megabyte_is_answered_in_time() => Assert.All(
        HostileText.Megabytes(), text => HostileRun.InTime(() => CommandLine.Parse(["plan", "--user", text, text])));

    [Fact]
    public void What_commands_log_is_one_line_whatever_it_holds() => Gen.Select(HostileText.Any, HostileText.Any).Hold(3_000, (text, failure) =>
    {
        using var log = new StringWriter();
        var entry = new LogEntry<string>(LogLevel.Warning, "Store", default, text, new InvalidOperationException(failure), (state, _) => $"said {state}");

        new OneLineFormatter().Write(entry, null, log);

        HostileText.AssertHarmless(log.ToString().TrimEnd('\n', '\r'), 4_001);
        Assert.Equal(1, log.ToString().Count(c => c == '\n'));
    });
}
