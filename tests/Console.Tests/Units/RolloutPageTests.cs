using System.Text.RegularExpressions;
using Reconciler.Rollouts;
using Reconciler.WebConsole.Access;
using Reconciler.WebConsole.Html;
using Reconciler.WebConsole.Pages;
using Store;

namespace ConsoleTests.Units;

public sealed partial class RolloutPageTests
{
    private const string Hostile = "</td><script>alert('x')</script>\" onclick=\"x";
    private static readonly DateTimeOffset Noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ShownRevision Stable = new("r-old", "vyx-app:1", "sin", "0123", "good", null, "reconciler");
    private static readonly ShownRevision Candidate = new("r-new", "vyx-app:2", "sin", "0123", "unknown", null, "reconciler");
    private static readonly ShownRollout Settled = ShownRollout.None with
    {
        Stable = Stable, Fleet = 8, Running = new Dictionary<string, int> { ["r-old"] = 8 },
    };

    private static readonly ShownRollout Rolling = Settled with
    {
        Phase = "Rolling", Wave = 2, Candidate = Candidate, StartedAt = Noon, MovedAt = Noon, Running = new Dictionary<string, int> { ["r-old"] = 5, ["r-new"] = 3 },
        Users = [Mark("vyx-user-good", "good", "runs it, healthy"), Mark("vyx-user-moving", "pending", "its machine is on the way")],
    };

    private static readonly ShownPause Pause = new("ann", "lunch", null);
    private static readonly Viewer SignedIn = new(true, new Session("s", "ann", Noon), "form-token");

    /// <summary>A rollout, what its page says, and what it does not.</summary>
    private static readonly Dictionary<string, (ShownRollout Rollout, string[] Says, string[] Not)> Pages = new()
    {
        ["nothing was ever rolled out"] = (ShownRollout.None, ["Rollout: Idle"], ["Wave", "The pause", "soak", "stable", "candidate", "not good yet"]),
        ["no rollout"] = (Settled, ["Rollout: Idle", "r-old|stable|vyx-app:1|8|good"], ["Wave", "The pause", "soak", "candidate", "not good yet"]),
        ["before the canary"] = (Rolling with { Wave = -1 }, ["Before the canary."], ["Wave -1"]),
        ["the canary"] = (Rolling with { Wave = 0, Promoted = true }, ["The canary, promoted."], ["Wave 0"]),
        ["a running wave"] = (
            Rolling,
            ["Rollout: Rolling", "Wave 2.", "r-old|stable|vyx-app:1|5|good", "r-new|candidate|vyx-app:2|3|unknown", "vyx-user-moving|r-new|2|pending|its machine is on the way"],
            ["vyx-user-good", "promoted", "The pause"]),
        ["a soak"] = (
            Rolling with { Phase = "Soaking", Why = "soaks before the next wave", SoakUntil = Noon },
            ["Rollout: Soaking", "soaks before the next wave", "The soak ends 2026-03-01 12:00:00."],
            ["The pause"]),
        ["a pause until somebody resumes"] = (
            Rolling with { Pause = Pause, Why = "paused by ann: lunch" },
            ["paused by ann: lunch", "The pause by ann (lunch) lasts until somebody resumes."],
            ["ends"]),
        ["a pause that ends"] = (
            Rolling with { Pause = Pause with { Until = Noon }, Why = "paused by ann: lunch" },
            ["The pause by ann (lunch) ends 2026-03-01 12:00:00."],
            ["until somebody"]),
        ["reverting under a pause"] = (
            Rolling with { Phase = "Reverting", Pause = Pause, Why = "1 user(s) failed" },
            ["Rollout: Reverting", "1 user(s) failed", "The pause by ann (lunch) lasts"],
            []),
        ["reverted"] = (
            Settled with { Candidate = Candidate with { Verdict = "bad", Evidence = "1 user(s) failed: crashed" }, Why = "1 user(s) failed: crashed" },
            ["Rollout: Idle", "r-old|stable|vyx-app:1|8|good", "r-new|candidate|vyx-app:2|0|bad 1 user(s) failed: crashed"],
            ["Wave"]),
        ["revert failed"] = (
            Rolling with
            {
                Phase = "RevertFailed", Why = "user 7 does not get well on r-old, either: crashed",
                Users = [Mark("vyx-user-ill", "failed", "crashed") with { Revision = "r-old" }],
            },
            ["Rollout: RevertFailed", "user 7 does not get well on r-old, either: crashed", "vyx-user-ill|r-old|2|failed|crashed"],
            []),
    };

    public static TheoryData<string> Situations => [.. Pages.Keys];

    [Theory]
    [MemberData(nameof(Situations))]
    public void The_page_says_where_the_rollout_stands_and_why(string situation)
    {
        var (rollout, says, not) = Pages[situation];

        var text = Text(Html(rollout, Viewer.ReadOnly));

        Assert.All(says, part => Assert.Contains(part, text, StringComparison.Ordinal));
        Assert.All(not, part => Assert.DoesNotContain(part, text, StringComparison.Ordinal));
    }

    [Fact]
    public void What_happened_is_told_with_who_did_it_and_why() =>
        Assert.Contains("2026-03-01 12:00:00|pause|r-new|ann|lunch", Text(Html(Rolling, Viewer.ReadOnly)), StringComparison.Ordinal);

    [Fact]
    public void Of_many_who_are_not_good_yet_a_hundred_are_shown()
    {
        var rollout = Rolling with { Users = [.. Enumerable.Range(0, 150).Select(i => Mark($"vyx-user-{i}", "pending", ""))] };

        Assert.Equal(100, Html(rollout, Viewer.ReadOnly).Split("href=\"/users/").Length - 1);
    }

    [Fact]
    public void Whoever_is_signed_in_can_say_five_things_each_with_a_reason_and_the_sessions_token()
    {
        var forms = Form().Matches(Html(Rolling, SignedIn)).Select(m => m.Value).ToList();

        Assert.Equal(["pause", "resume", "promote", "abort", "retry"], forms.Select(f => Action().Match(f).Groups[1].Value));
        Assert.All(forms, form => Assert.Contains("value=\"form-token\"", form, StringComparison.Ordinal));
        Assert.All(forms, form => Assert.Contains("name=\"reason\" required", form, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Whoever_is_not_signed_in_has_no_form(bool couldSignIn)
    {
        var html = Html(Rolling, couldSignIn ? new Viewer(true, null, "") : Viewer.ReadOnly);

        Assert.DoesNotContain("<form", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<button", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Text_from_outside_never_becomes_markup()
    {
        var revision = new ShownRevision(Hostile, Hostile, Hostile, Hostile, Hostile, Hostile, Hostile);
        var hostile = new ShownRollout(
            Hostile, 1, revision, revision, Noon, Noon, Noon, true, new ShownPause(Hostile, Hostile, Noon), Hostile, 1,
            new Dictionary<string, int> { [Hostile] = 1 },
            [new ShownMark(Guid.Empty, Hostile, Hostile, Hostile, 1, Hostile, Hostile)]);
        // The same page with nothing hostile in it shows which markup is ours.
        var tame = hostile with { Pause = new ShownPause("x", "x", Noon), Users = [Mark("x", "x", "x")] };

        var html = Html(hostile, new Viewer(true, new Session("s", Hostile, Noon), Hostile), new RolloutEntry(Noon.UtcDateTime, Hostile, Hostile, Hostile, Hostile));

        Assert.Equal(Tag().Count(Html(tame, SignedIn)), Tag().Count(html));
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("onclick=\"", html, StringComparison.Ordinal);
        Assert.Contains("&lt;script&gt;", html, StringComparison.Ordinal);
    }

    private static ShownMark Mark(string app, string verdict, string why) => new(Guid.Empty, app, "r-new", "r-old", 2, verdict, why);

    private static string Html(ShownRollout rollout, Viewer viewer, RolloutEntry? entry = null)
    {
        var page = new HtmlWriter();
        RolloutPage.Write(page, rollout, [entry ?? new RolloutEntry(Noon.UtcDateTime, "pause", "r-new", "ann", "lunch")], viewer);
        return page.ToString();
    }

    /// <summary>What is read on the page: a bar between the cells of a row.</summary>
    private static string Text(string html) => Tag().Replace(CellEnd().Replace(html, "|"), "").Replace(" |", "|", StringComparison.Ordinal);

    [GeneratedRegex("</t[dh]><t[dh][^>]*>")]
    private static partial Regex CellEnd();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tag();

    [GeneratedRegex("<form.*?</form>", RegexOptions.Singleline)]
    private static partial Regex Form();

    [GeneratedRegex("action=\"/actions/rollout-([a-z]+)\"")]
    private static partial Regex Action();
}
