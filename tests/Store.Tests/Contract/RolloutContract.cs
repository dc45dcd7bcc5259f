namespace Store.Tests.Contract;

public sealed class RolloutOnPostgres : RolloutContract<PostgresWorld>;

public sealed class RolloutOnModel : RolloutContract<ModelWorld>;

/// <summary>Where a rollout stands, and what its users are to run.</summary>
public abstract class RolloutContract<TWorld> : IAsyncLifetime
    where TWorld : World, new()
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);
    private readonly TWorld _world = new();

    private IStore Store => _world.Store;

    public Task InitializeAsync() => _world.InitializeAsync();

    public Task DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Before_the_first_revision_there_is_nothing()
    {
        var user = await _world.PayingUserAsync();

        var board = await Store.ReadRolloutAsync("r1", withUsers: false, default);

        Assert.Equal((0L, (string?)null, (string?)null), (board.Version, board.Stable, board.Candidate));
        Assert.Empty(board.Revisions);
        Assert.Null(user.Revision);
        Assert.Null(await Store.ReadRevisionAsync("r1", default));
    }

    [Fact]
    public async Task Whoever_has_no_mark_has_the_stable_revision()
    {
        var (marked, other) = (await _world.PayingUserAsync(), await _world.PayingUserAsync());
        await FirstAsync();

        Assert.True(await WriteAsync(1, "r1", "r2", marks: [Mark(marked.UserId, "r2")]));

        Assert.Equal("r2", (await _world.UserAsync(marked.UserId)).Revision);
        Assert.Equal("r1", (await _world.UserAsync(other.UserId)).Revision);
        Assert.Equal("r2", (await _world.SummaryAsync(marked.UserId)).Revision);
        Assert.Equal("r1", (await _world.SummaryAsync(other.UserId)).Revision);
    }

    [Fact]
    public async Task Of_two_who_have_read_the_same_version_one_writes()
    {
        var user = await _world.PayingUserAsync();
        await FirstAsync();

        var outcomes = await Task.WhenAll(
            WriteAsync(1, "r1", "r2", marks: [Mark(user.UserId, "r2")]), WriteAsync(1, "r1", "r2", marks: [Mark(user.UserId, "r2")]));

        Assert.Single(outcomes, static written => written);
        Assert.Equal(2, (await Store.ReadRolloutAsync(null, false, default)).Version);
    }

    [Fact]
    public async Task Of_two_who_write_the_first_revision_one_does()
    {
        var outcomes = await Task.WhenAll(WriteAsync(0, "r1", null), WriteAsync(0, "r1", null));

        Assert.Single(outcomes, static written => written);
        Assert.Equal(1, (await Store.ReadRolloutAsync(null, false, default)).Version);
    }

    [Fact]
    public async Task What_was_written_against_an_old_version_leaves_nothing_behind()
    {
        var user = await _world.PayingUserAsync();
        await FirstAsync();

        Assert.False(await WriteAsync(0, "r2", null, marks: [Mark(user.UserId, "r2")], entries: [new(default, "done", "r2", "me", "why")]));
        Assert.False(await WriteAsync(7, "r2", null, marks: [Mark(user.UserId, "r2")]));

        Assert.Equal("r1", (await _world.UserAsync(user.UserId)).Revision);
        Assert.Empty(await Store.ReadRolloutHistoryAsync(10, default));
    }

    [Fact]
    public async Task A_mark_comes_back_as_it_was_written()
    {
        var user = await _world.PayingUserAsync();
        await FirstAsync();
        var mark = Mark(user.UserId, "r2") with { Wave = 3, WasDown = true, ProvingSince = Noon.AddSeconds(5), Verdict = "failed", Why = "it \"crashed\"" };

        await WriteAsync(1, "r1", "r2", marks: [mark]);

        var read = Assert.Single((await Store.ReadRolloutAsync(null, true, default)).Users);
        Assert.Equal(mark, read.Mark);
        Assert.Equal((user.UserId, user.AppName, true, false), (read.UserId, read.AppName, read.Entitled, read.OwnImage));
    }

    [Fact]
    public async Task Users_say_what_they_run_and_only_marked_ones_say_more()
    {
        var (marked, other) = (await _world.PayingUserAsync(), await _world.PayingUserAsync("elite"));
        await _world.WriteAsync(
            [.. new[] { marked, other }.Select(u => Writes.Of(u) with
            {
                Status = "active", HealthStatus = "healthy", Fingerprint = 5, ControllerState = """{"revision":"r1","target":"r2"}""",
            })]);
        await _world.SetSpecAsync(other.UserId, """{"image":"x"}""");
        await _world.PauseAsync(other.UserId, "me", "why");
        await FirstAsync();
        await WriteAsync(1, "r1", "r2", marks: [Mark(marked.UserId, "r2")]);

        var users = (await Store.ReadRolloutAsync(null, true, default)).Users.ToDictionary(static u => u.UserId);

        Assert.Equal(("r1", "r2", true, "active", "healthy"), (users[marked.UserId].Runs, users[marked.UserId].Target, users[marked.UserId].Converged, users[marked.UserId].Status, users[marked.UserId].HealthStatus));
        Assert.NotNull(users[marked.UserId].ControllerState);
        Assert.NotNull(users[marked.UserId].Conditions);
        Assert.Null(users[other.UserId].ControllerState);
        Assert.Null(users[other.UserId].Conditions);
        Assert.True(users[other.UserId] is { OwnImage: true, Paused: true });
    }

    [Fact]
    public async Task Users_who_pay_no_more_are_read_as_long_as_they_are_marked()
    {
        var (left, deleted, free) = (await _world.PayingUserAsync(), await _world.PayingUserAsync(), await _world.PayingUserAsync());
        await FirstAsync();
        await WriteAsync(1, "r1", "r2", marks: [Mark(left.UserId, "r2"), Mark(deleted.UserId, "r2")]);
        await _world.SetTierAsync(left.UserId, "free");
        await _world.SetTierAsync(free.UserId, "free");
        await _world.DeleteUserAsync(deleted.UserId);

        var users = (await Store.ReadRolloutAsync(null, true, default)).Users;

        Assert.Equal(new[] { left.UserId, deleted.UserId }.Order(), users.Select(static u => u.UserId).Order());
        Assert.All(users, static u => Assert.False(u.Entitled));

        await WriteAsync(2, "r1", "r2", unmarked: [left.UserId, deleted.UserId]);
        Assert.Empty((await Store.ReadRolloutAsync(null, true, default)).Users);
    }

    [Fact]
    public async Task Marks_go_all_at_once_when_everybody_is_there()
    {
        var (one, two) = (await _world.PayingUserAsync(), await _world.PayingUserAsync());
        await FirstAsync();
        await WriteAsync(1, "r1", "r2", marks: [Mark(one.UserId, "r2"), Mark(two.UserId, "r2")]);

        await Store.WriteRolloutAsync(_world.Lease, Write(2, "r2", null) with { UnmarkAll = true }, default);

        var board = await Store.ReadRolloutAsync(null, true, default);
        Assert.Equal((3L, "r2", (string?)null), (board.Version, board.Stable, board.Candidate));
        Assert.All(board.Users, static u => Assert.Null(u.Mark));
        Assert.Equal("r2", (await _world.UserAsync(one.UserId)).Revision);
    }

    [Fact]
    public async Task A_wait_for_the_old_revision_ends_when_a_user_is_moved_and_not_when_a_mark_is_repeated()
    {
        var user = await _world.PayingUserAsync();
        await FirstAsync();
        await FailAsync(user);

        await WriteAsync(1, "r1", "r2", marks: [Mark(user.UserId, "r2")]);
        var moved = await _world.UserAsync(user.UserId);
        await FailAsync(moved);
        await WriteAsync(2, "r1", "r2", marks: [Mark(user.UserId, "r2") with { Why = "another" }]);
        var repeated = await _world.UserAsync(user.UserId);

        Assert.Equal((0, (DateTime?)null, (string?)null), (moved.RetryCount, moved.NextAttemptAt, moved.LastErrorClass));
        Assert.Equal((3, "Capacity"), (repeated.RetryCount, repeated.LastErrorClass));
    }

    [Fact]
    public async Task A_verdict_is_kept_with_its_evidence_and_with_who_brought_the_revision()
    {
        await FirstAsync();
        await Store.WriteRolloutAsync(
            _world.Lease, Write(1, "r1", null) with { Revisions = [new RevisionRow("r2", """{"a":1}""", "bad", "it crashed", "somebody else")] }, default);
        await Store.WriteRolloutAsync(
            _world.Lease, Write(2, "r1", null) with { Revisions = [new RevisionRow("r2", """{"a":1}""", "unknown", null, "a third")] }, default);

        Assert.Equal(new RevisionRow("r2", """{"a": 1}""", "unknown", null, "the test"), await Store.ReadRevisionAsync("r2", default));
        Assert.Equal(["r1", "r2"], (await Store.ReadRolloutAsync("r2", false, default)).Revisions.Select(static r => r.Id));
        Assert.Equal(["r1"], (await Store.ReadRolloutAsync(null, false, default)).Revisions.Select(static r => r.Id));
    }

    [Fact]
    public async Task Orders_wait_for_the_leader_and_are_answered_once()
    {
        await FirstAsync();
        var first = await Store.AskRolloutAsync(new RolloutAsk("pause", "ann", "lunch", Noon), default);
        var second = await Store.AskRolloutAsync(new RolloutAsk("resume", "bob", "back", null), default);
        Assert.Equal(
            [new RolloutOrder(first, new RolloutAsk("pause", "ann", "lunch", Noon), null), new RolloutOrder(second, new RolloutAsk("resume", "bob", "back", null), null)],
            (await Store.ReadRolloutAsync(null, false, default)).Orders);

        await Store.WriteRolloutAsync(_world.Lease, Write(1, "r1", null) with { Answers = [(first, "paused")] }, default);
        await Store.WriteRolloutAsync(_world.Lease, Write(2, "r1", null) with { Answers = [(first, "again")] }, default);

        Assert.Equal([second], (await Store.ReadRolloutAsync(null, false, default)).Orders.Select(static o => o.Id));
        Assert.Equal("paused", await Store.ReadRolloutAnswerAsync(first, default));
        Assert.Null(await Store.ReadRolloutAnswerAsync(second, default));
        Assert.Null(await Store.ReadRolloutAnswerAsync(999, default));
    }

    [Fact]
    public async Task The_history_tells_the_newest_first()
    {
        await FirstAsync();
        await WriteAsync(1, "r1", "r2", entries: [new(default, "started", "r2", "ann", "one"), new(default, "wave", "r2", "ann", "two")]);

        var history = await Store.ReadRolloutHistoryAsync(2, default);

        Assert.Equal(["wave", "started"], history.Select(static e => e.Action));
        Assert.All(history, static e => Assert.Equal(DateTimeKind.Utc, e.At.Kind));
        Assert.Single(await Store.ReadRolloutHistoryAsync(1, default));
    }

    private Task FailAsync(UserApp user) => _world.WriteAsync(Writes.Of(user) with
    {
        RetryCount = 3, NextAttemptAt = Noon.AddYears(10), LastErrorClass = "Capacity",
    });

    private Task<bool> FirstAsync() => WriteAsync(0, "r1", null);

    private Task<bool> WriteAsync(
        long expected, string stable, string? candidate, RolloutMark[]? marks = null, Guid[]? unmarked = null, RolloutEntry[]? entries = null) =>
        Store.WriteRolloutAsync(
            _world.Lease, Write(expected, stable, candidate) with { Marks = marks ?? [], Unmarked = unmarked ?? [], Entries = entries ?? [] }, default);

    private static RolloutWrite Write(long expected, string stable, string? candidate) => new()
    {
        Expected = expected,
        Stable = stable,
        Candidate = candidate,
        State = """{"phase":"Idle"}""",
        Revisions = [.. new[] { "r1", "r2" }.Select(static id => new RevisionRow(id, """{"a":1}""", "unknown", null, "the test"))],
    };

    private static RolloutMark Mark(Guid user, string revision) => new(user, revision, 0, Noon, Noon.AddMinutes(1), false, null, "pending", "");
}
