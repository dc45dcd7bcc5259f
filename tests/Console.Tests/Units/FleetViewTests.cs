using System.Globalization;
using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Html;
using Reconciler.WebConsole.Pages;
using Store;

namespace ConsoleTests.Units;

public sealed class FleetViewTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly FleetRow Ready = new()
    {
        UserId = Guid.Parse("63eea370-27a1-4099-866a-e3ed340b278d"), AppName = "vyx-user-35682909", Tier = "pro", Status = "active", Live = true,
        Observed = true, Ready = "True", Reason = "Converged",
    };

    private static readonly FleetRow Failing = Ready with
    {
        Ready = "False", Reason = "FlyCapacity", Degraded = true, Retries = 2, Error = "sin has no room", NextAttemptAt = Now.AddMinutes(3).UtcDateTime,
        DegradedSince = Now.AddMinutes(-9),
    };

    public static TheoryData<string, string> Kinds => new()
    {
        { "ready", "Ready" }, { "failing", "Wrong" }, { "paused", "Paused" }, { "paused and failing", "Paused" }, { "budget", "Held" },
        { "tripwire", "Held" }, { "new wish", "Moving" }, { "waiting", "Moving" }, { "never seen", "Unknown" }, { "grace", "Leaving" },
        { "stuck on the way out", "Wrong" }, { "error without a condition", "Wrong" },
    };

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_row_is_of_one_kind(string row, string kind) => Assert.Equal(kind, FleetClassifier.KindOf(Row(row)).ToString());

    [Fact]
    public void What_happens_next_names_the_try_and_its_time()
    {
        var next = Outlook.Of(Failing, CellKind.Wrong, led: true);

        Assert.Equal(("try 3, after a backoff", Now.AddMinutes(3), false), (next.What, next.At, next.NeedsPerson));
    }

    [Theory]
    [InlineData("InvalidOverride", "user_fly_apps.spec")]
    [InlineData("ImageUnresolved", "image")]
    [InlineData("ServiceKeyInvalid", "service key")]
    public void What_only_a_person_can_put_right_says_so(string reason, string word)
    {
        var next = Outlook.Of(Failing with { Reason = reason }, CellKind.Wrong, led: true);

        Assert.True(next.NeedsPerson);
        Assert.Contains(word, next.What, StringComparison.Ordinal);
    }

    [Fact]
    public void When_nobody_leads_nothing_happens_next() =>
        Assert.Equal("nothing, before a process leads again", Outlook.Of(Failing, CellKind.Wrong, led: false).What);

    [Fact]
    public void The_worst_stands_first_and_the_longest_of_a_kind_before_the_others()
    {
        FleetRow[] rows =
        [
            Row("waiting") with { AppName = "a" }, Row("budget") with { AppName = "b" }, Failing with { AppName = "c", DegradedSince = Now },
            Failing with { AppName = "d" }, Ready with { AppName = "e" }, Row("grace") with { AppName = "f" },
        ];

        Assert.Equal(["d", "c", "b", "a"], FleetSummary.Of(State(rows)).Troubles.Select(t => t.Row.AppName));
    }

    [Fact]
    public void The_headline_counts_who_is_ready_and_names_the_rest()
    {
        Assert.Equal("1 of 2 users are ready; 1 wrong.", Of(Ready, Failing));
        Assert.Equal("The one user is ready.", Of(Ready));
        Assert.Equal("All 2 users are ready; 1 leaving.", Of(Ready, Ready, Row("grace")));
        Assert.Equal("Nobody has a paid tier.", Of());

        static string Of(params FleetRow[] rows) => Headline.Of(State(rows), FleetSummary.Of(State(rows)));
    }

    [Fact]
    public void The_headline_says_when_nobody_leads()
    {
        var state = State([Ready]) with { Lease = null };

        Assert.Equal("The one user is ready. Nobody leads.", Headline.Of(state, FleetSummary.Of(state)));
    }

    [Fact]
    public void A_picture_of_5000_ready_users_is_smaller_than_their_names()
    {
        var state = State([.. Enumerable.Repeat(Ready, 5_000)]);
        var page = new HtmlWriter();
        FleetPicture.Write(page, FleetSummary.Of(state), 1);

        Assert.InRange(page.ToString().Length, 100, 5_000);
    }

    [Fact]
    public void A_picture_in_which_no_two_neighbours_are_alike_stays_far_below_the_limit()
    {
        var state = State([.. Enumerable.Range(0, 5_000).Select(i => i % 2 == 0 ? Ready : Failing)]);
        var page = new HtmlWriter();
        FleetPicture.Write(page, FleetSummary.Of(state), 1);

        Assert.InRange(page.ToString().Length, 50_000, 150_000);
    }

    [Fact]
    public void Every_cell_is_drawn_once_and_in_its_place()
    {
        var kinds = Enumerable.Range(0, 250).Select(i => i % 7 == 0 || i % 61 < 3 ? Failing : Ready).ToList();
        var page = new HtmlWriter();
        FleetPicture.Write(page, FleetSummary.Of(State(kinds)), 1);
        var columns = FleetPicture.Grid(250).Columns;
        var drawn = new Dictionary<int, string>();
        foreach (var path in System.Text.RegularExpressions.Regex.Matches(page.ToString(), "fill=\"url\\(#p-(\\w+)\\)\" d=\"([^\"]*)\"").ToList())
        {
            foreach (var run in System.Text.RegularExpressions.Regex.Matches(path.Groups[2].Value, "M(\\d+) (\\d+)h(\\d+)v10h-\\d+z").ToList())
            {
                var (x, y, width) = (Number(run.Groups[1].Value), Number(run.Groups[2].Value), Number(run.Groups[3].Value));
                for (var i = 0; i < width / 10; i++)
                {
                    drawn.Add((y / 10 * columns) + (x / 10) + i, path.Groups[1].Value);
                }
            }
        }

        Assert.Equal(kinds.Select(k => k == Failing ? "wrong" : "ready"), Enumerable.Range(0, 250).Select(i => drawn[i]));

        static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
    }

    [Fact]
    public void A_cell_leads_to_who_stood_there_when_the_picture_was_made_or_to_nobody()
    {
        var (ann, ben) = (Guid.Parse("00000000-0000-0000-0000-00000000000a"), Guid.Parse("00000000-0000-0000-0000-00000000000b"));
        var rosters = new Rosters();
        var both = rosters.NumberOf([Ready with { UserId = ann }, Ready with { UserId = ben }]);
        var again = rosters.NumberOf([Failing with { UserId = ann }, Ready with { UserId = ben }]);
        var one = rosters.NumberOf([Ready with { UserId = ben }]);

        Assert.Equal(both, again);
        Assert.Equal((ben, ben), (rosters.Find(both, 1), rosters.Find(one, 0)));
        Assert.Null(rosters.Find(one, 1));
        Assert.Null(rosters.Find(one, -1));
        Assert.Null(rosters.Find(99, 0));
    }

    private static FleetRow Row(string row) => row switch
    {
        "ready" => Ready,
        "failing" => Failing,
        "paused" => Ready with { Paused = true },
        "paused and failing" => Failing with { Paused = true },
        "budget" => Failing with { Reason = "DestroyBudget" },
        "tripwire" => Failing with { Reason = "ShrinkTripwire", Tier = "free" },
        "new wish" => Ready with { Observed = false },
        "waiting" => Ready with { Ready = "False", Reason = "WaitingForHealth", Progressing = true },
        "never seen" => Ready with { Ready = null, Reason = null },
        "grace" => Ready with { Tier = "free", Ready = "False", Reason = "StoppedInGrace" },
        "stuck on the way out" => Failing with { Tier = "free" },
        _ => Ready with { Ready = "False", Status = "error" },
    };

    private static FleetState State(IReadOnlyList<FleetRow> rows) => new()
    {
        ReadAt = Now,
        Rows = rows,
        Lease = new LeaseRow("reconciler", "us", 1, Now.AddSeconds(10).UtcDateTime, Now.UtcDateTime, Expired: false),
        IsLeader = true,
        Hold = null,
        HeldSince = null,
        Destroyed = 0,
        DestroyLimit = 5,
        SnapshotAt = Now,
        SnapshotProblem = null,
        ErrorRegions = [],
        ImageProblem = null,
        KeyProblem = null,
        ObserveOnly = false,
        Actions = [],
    };
}
