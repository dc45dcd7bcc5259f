using Store.Tests.Contract;
using StoreModel;

namespace Store.Tests.Model;

public sealed class ModelCommitTests : IAsyncLifetime
{
    private readonly ModelWorld _world = new();
    private readonly List<StoreCommit> _commits = [];

    public async Task InitializeAsync()
    {
        await _world.InitializeAsync();
        _world.Database.Committed += _commits.Add;
    }

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task Each_committed_write_is_told_with_its_method_epoch_and_users()
    {
        var user = await _world.PayingUserAsync();
        await _world.OwnAsync(user);
        await _world.WriteAsync(Writes.Of(user));
        await _world.WriteAsync(Writes.Of(user));

        Assert.Equal(
            [
                (nameof(HostApplication.CreateUser), null, true), (nameof(IStore.RecordOwnershipAsync), 1, true),
                (nameof(IStore.WriteStatusesAsync), 1, true), (nameof(IStore.WriteStatusesAsync), 1L, false),
            ],
            _commits.Select(static commit => (commit.Operation, commit.Epoch, commit.Changed)));
        Assert.All(_commits, commit => Assert.Equal([user.UserId], commit.Users));
        Assert.Equal(_commits.Select(static commit => commit.Sequence).Order(), _commits.Select(static commit => commit.Sequence));
    }

    [Fact]
    public async Task Neither_reads_nor_rejected_writes_are_told()
    {
        await _world.Store.ReadAllUsersAsync(default);
        await Assert.ThrowsAsync<StaleEpochException>(() =>
            _world.Store.WriteFleetStateAsync(_world.Lease with { Epoch = 9 }, "x", "1", default));

        Assert.Empty(_commits);
    }

    [Fact]
    public async Task A_batch_with_a_refused_status_is_told_as_the_transactions_that_were_committed()
    {
        var (good, bad) = (await _world.PayingUserAsync(), await _world.PayingUserAsync());
        _commits.Clear();

        await Assert.ThrowsAsync<StatusRejectedException>(() =>
            _world.WriteAsync(Writes.Of(bad) with { Status = "asleep" }, Writes.Of(good) with { Status = "active" }));

        Assert.Equal([good.UserId], Assert.Single(_commits).Users);
    }

    [Fact]
    public async Task Whoever_is_told_sees_the_commit_and_may_write_again()
    {
        var written = false;
        _world.Database.Committed += commit =>
        {
            if (commit.Operation != nameof(HostApplication.CreateUser) || written)
                return;
            written = true;
            Assert.Equal("pro", _world.Database.FindApp(commit.Users[0])!.Tier);
            _world.Database.Application.DeleteUser(commit.Users[0]);
        };

        var user = await _world.CreateUserAsync("pro");

        Assert.Null(await _world.Store.ReadUserAsync(user, default));
    }

    [Fact]
    public async Task Every_text_that_is_stored_can_be_searched()
    {
        var user = await _world.PayingUserAsync();
        var vanished = await _world.PayingUserAsync();
        await _world.OwnAsync(vanished);
        await _world.DeleteUserAsync(vanished.UserId);
        var searched = await _world.UserAsync(vanished.UserId);
        StatusWrite Secretive(UserApp of, string mark) => Writes.Of(of) with
        {
            Region = $"region-{mark}", DockerImage = $"image-{mark}", ErrorMessage = $"error-{mark}", LastErrorClass = $"class-{mark}",
            Conditions = $"[\"conditions-{mark}\"]", ControllerState = $"{{\"state-{mark}\":1}}",
            Events = [new EventWrite("error_occurred", $"status-{mark}", $"{{\"metadata-{mark}\":1}}", $"details-{mark}")],
        };
        await _world.WriteAsync(Secretive(user, "row"), Secretive(searched, "record"));
        await _world.Store.ElectMachineAsync(_world.Lease, user.UserId, user.AppName, null, "machine-row", default);
        await _world.SetSpecAsync(user.UserId, "[\"spec-row\"]");
        await _world.PauseAsync(user.UserId, "owner-row", "reason-row");
        await _world.Store.WriteFleetStateAsync(_world.Lease, "key-fleet", "\"value-fleet\"", default);
        await _world.Store.TryDrawDestroyAsync(_world.Lease, "subject-draw", 5, default);
        await _world.Store.OpenIntentAsync(
            _world.Lease, new CreateIntent("id-intent", "app", "app-intent", user.UserId, "machine-intent"), default);
        await _world.Store.WriteDefaultsAsync(
            _world.Lease, new RowDefaults("prefix-default", "org-default", "region-default", "image-default", 1, 1), default);

        var texts = _world.Database.Texts().Select(static text => text.Value).ToList();

        Assert.All(
            new[]
            {
                "region-row", "image-row", "error-row", "class-row", "conditions-row", "state-row", "status-row", "metadata-row",
                "details-row", "error-record", "class-record", "conditions-record", "state-record", "status-record", "metadata-record",
                "details-record", "machine-row", "spec-row", "owner-row", "reason-row", "key-fleet", "value-fleet", "subject-draw",
                "id-intent", "app-intent", "machine-intent", "prefix-default", "org-default", "region-default", "image-default",
            },
            wanted => Assert.Contains(texts, text => text.Contains(wanted, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Hidden_subscriptions_read_as_free_and_are_not_believed_by_the_synchronisation()
    {
        var user = await _world.PayingUserAsync();
        _world.Database.Application.SubscriptionsHidden = true;

        Assert.Equal(("free", 0), ((await _world.UserAsync(user.UserId)).Tier, (await _world.Store.ReadCensusAsync(default)).Entitled));
        await Assert.ThrowsAsync<StoreSchemaException>(() => _world.Store.SyncTiersAsync(_world.Lease, default));
        // The trigger sees the row that it fires for.
        await _world.SetTierAsync(user.UserId, "elite");
        Assert.Equal("elite", await _world.RowTierAsync(user.UserId));
    }
}
