using Reconciler.Rollouts;

namespace Reconciler.Tests.Configuration;

public sealed class RolloutSectionTests
{
    private const string Section = "Reconciler__Rollout__";

    /// <summary>Every setting of a strategy: how it is written, and how what is read reads.</summary>
    private static readonly (string Name, string Value, string Read)[] All =
    [
        ("CanaryUsers", "vyx-user-1, 63EEA370-27A1-4099-866A-E3ED340B278D", "vyx-user-1,63eea370-27a1-4099-866a-e3ed340b278d"),
        ("CanaryCount", "2", "2"),
        ("Waves", "0.1, 1", "0.1,1"),
        ("MaxUnavailable", "3", "3"),
        ("MinHealthyTime", "00:00:00", "00:00:00"),
        ("UserDeadline", "1.00:00:00", "1.00:00:00"),
        ("Soak", "48:00:00", "2.00:00:00"),
        ("Windows", "* 8-15 * * MON-THU; 0 20 * * SUN", "* 8,9,10,11,12,13,14,15 * * 1,2,3,4;0 20 * * 0"),
        ("FailureThreshold", "0", "0"),
    ];

    public static TheoryData<string> Names => [.. All.Select(s => s.Name)];

    [Fact]
    public void What_is_not_set_has_the_documented_default()
    {
        var rollout = Given.Settings().Rollout;

        Assert.True(rollout.Enabled);
        Assert.Equal(TimeSpan.FromSeconds(2), rollout.Interval);
        string[] documented = ["", "1", "0.05,0.25,1", "", "00:00:10", "00:05:00", "00:05:00", "", "1"];
        Assert.All(Kinds(rollout), strategy => Assert.Equal(documented, All.Select(s => Text(strategy, s.Name))));
    }

    [Fact]
    public void What_is_for_all_rollouts_is_read()
    {
        var rollout = Given.Settings((Section + "Enabled", "false"), (Section + "Interval", "00:00:00.05")).Rollout;

        Assert.False(rollout.Enabled);
        Assert.Equal(TimeSpan.FromMilliseconds(50), rollout.Interval);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_setting_holds_for_every_kind_of_change_that_has_none_of_its_own(string name)
    {
        var (_, value, read) = Of(name);
        var rollout = Given.Settings((Section + name, value)).Rollout;

        Assert.All(Kinds(rollout), strategy => Assert.Equal(read, Text(strategy, name)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_setting_of_one_kind_of_change_holds_for_that_kind_alone(string name)
    {
        var (_, value, read) = Of(name);
        var byDefault = Text(new Strategy(), name);
        for (var kind = 1; kind <= 3; kind++)
        {
            var section = Section + new[] { "", "Image", "Secrets", "Template" }[kind] + "__";
            var rollout = Given.Settings((section + name, value)).Rollout;

            Assert.Equal(Enumerable.Range(0, 4).Select(k => k == kind ? read : byDefault), Kinds(rollout).Select(s => Text(s, name)));
        }
    }

    [Theory]
    [InlineData("{63EEA370-27A1-4099-866A-E3ED340B278D}")]
    [InlineData("63eea37027a14099866ae3ed340b278d")]
    public void A_canarys_id_names_its_user_in_whatever_spelling(string id) =>
        Assert.Equal(["63eea370-27a1-4099-866a-e3ed340b278d"], Given.Settings((Section + "CanaryUsers", id)).Rollout.Strategy.CanaryUsers);

    [Theory]
    [InlineData("Enabled", "yes", "true or false", "true")]
    [InlineData("Interval", "00:00:00", "from 00:00:00.0500000 to 00:01:00", "00:00:02")]
    [InlineData("Interval", "2", "hh:mm:ss", "00:00:02")]
    [InlineData("CanaryUsers", ",", "user ids or app names", "none")]
    [InlineData("CanaryUsers", "ann@example.com", "user ids or app names", "none")]
    [InlineData("CanaryCount", "-1", "from 0 to 1000", "1")]
    [InlineData("CanaryCount", "1.5", "a whole number", "1")]
    [InlineData("Waves", "0,1", "growing shares", "0.05,0.25,1")]
    [InlineData("Waves", "-0.5,1", "growing shares", "0.05,0.25,1")]
    [InlineData("Waves", "5,25,100", "growing shares", "0.05,0.25,1")]
    [InlineData("Waves", "0.25,1.01", "growing shares", "0.05,0.25,1")]
    [InlineData("Waves", "0.5,0.25,1", "growing shares", "0.05,0.25,1")]
    [InlineData("Waves", "0.5,0.5,1", "growing shares", "0.05,0.25,1")]
    [InlineData("Waves", "0.05,0.25", "the last one 1", "0.05,0.25,1")]
    [InlineData("Waves", "NaN,1", "growing shares", "0.05,0.25,1")]
    [InlineData("Waves", ",", "growing shares", "0.05,0.25,1")]
    [InlineData("MaxUnavailable", "0", "from 1 to 1000", "1 in the canary and later 5 % of the fleet, from 1 to 10")]
    [InlineData("MaxUnavailable", "-1", "from 1 to 1000", "1 in the canary and later 5 % of the fleet, from 1 to 10")]
    [InlineData("MaxUnavailable", "5%", "a whole number", "1 in the canary and later 5 % of the fleet, from 1 to 10")]
    [InlineData("MinHealthyTime", "-00:00:10", "from 00:00:00 to 01:00:00", "00:00:10")]
    [InlineData("UserDeadline", "00:00:00", "from 00:00:01 to 1.00:00:00", "00:05:00")]
    [InlineData("Soak", "8.00:00:00", "from 00:00:00 to 7.00:00:00", "00:05:00")]
    [InlineData("Windows", "weekdays", "cron expressions of five fields", "any time")]
    [InlineData("Windows", "0 * 8-15 * * MON-THU", "cron expressions of five fields", "any time")]
    [InlineData("Windows", "* 8-25 * * *", "cron expressions of five fields", "any time")]
    [InlineData("Windows", "* * 30 2 *", "cron expressions of five fields", "any time")]
    [InlineData("Windows", "* 8-15 * * *; soon", "cron expressions of five fields", "any time")]
    [InlineData("FailureThreshold", "-1", "from 0 to 1000", "1")]
    public void A_wrong_value_is_one_complaint_that_names_it_and_says_what_is_allowed_and_what_to_do(
        string name, string value, string allowed, string otherwise)
    {
        var problem = Assert.Single(Given.Load((Section + name, value)).Problems);

        Assert.StartsWith($"{Section}{name} is '{value}': allowed is ", problem, StringComparison.Ordinal);
        Assert.Contains(allowed, problem, StringComparison.Ordinal);
        Assert.EndsWith($"; correct it, or remove it to get {otherwise}", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("CanaryUsers", "what Reconciler__Rollout__CanaryUsers says")]
    [InlineData("CanaryCount", "2")]
    [InlineData("Waves", "what Reconciler__Rollout__Waves says")]
    [InlineData("MaxUnavailable", "what Reconciler__Rollout__MaxUnavailable says")]
    [InlineData("Windows", "what Reconciler__Rollout__Windows says")]
    public void Whoever_removes_a_wrong_value_of_one_kind_gets_the_general_one(string name, string otherwise)
    {
        var problem = Assert.Single(Given.Load((Section + name, Of(name).Value), ($"{Section}Image__{name}", "!")).Problems);

        Assert.StartsWith($"{Section}Image__{name} is ", problem, StringComparison.Ordinal);
        Assert.EndsWith($"; correct it, or remove it to get {otherwise}", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "", "1", "Reconciler__Rollout__CanaryUsers names 2, and the canary has 1")]
    [InlineData("", "", "0", "Reconciler__Rollout__CanaryUsers names 2, and the canary has 0")]
    [InlineData("", "Secrets__", "1", "Reconciler__Rollout__Secrets__CanaryUsers names 2, and the canary has 1")]
    [InlineData("Image__", "Image__", "1", "Reconciler__Rollout__Image__CanaryUsers names 2, and the canary has 1")]
    public void Naming_more_users_than_the_canary_has_is_one_warning(string users, string count, string canary, string expected)
    {
        // The general canary is large enough, unless it is the one in question.
        var result = Given.Load((Section + "CanaryCount", "2"), ($"{Section}{users}CanaryUsers", "vyx-user-1,vyx-user-2"), ($"{Section}{count}CanaryCount", canary));

        Assert.Empty(result.Problems);
        var warning = Assert.Single(result.Warnings);
        Assert.StartsWith(expected, warning, StringComparison.Ordinal);
        Assert.EndsWith($"raise {Section}{count}CanaryCount to have them all go first", warning, StringComparison.Ordinal);
    }

    private static (string Name, string Value, string Read) Of(string name) => Array.Find(All, s => s.Name == name);

    /// <summary>The general strategy, then those of the three kinds.</summary>
    private static Strategy[] Kinds(RolloutSettings rollout) => [rollout.Strategy, rollout.Image!, rollout.Secrets!, rollout.Template!];

    private static string Text(Strategy strategy, string name) => typeof(Strategy).GetProperty(name)!.GetValue(strategy) switch
    {
        null => "",
        TimeSpan time => time.ToString("c"),
        IReadOnlyList<double> shares => string.Join(',', shares.Select(s => FormattableString.Invariant($"{s}"))),
        IReadOnlyList<string> names => string.Join(',', names),
        IReadOnlyList<Cronos.CronExpression> windows => string.Join(';', windows),
        var number => FormattableString.Invariant($"{number}"),
    };
}
