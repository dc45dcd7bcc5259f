using FlyApi;
using FlyApi.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using NSubstitute;
using NSubstitute.ExceptionExtensions;
using Reconciler.Images;
using Reconciler.Model;

namespace Reconciler.Tests.Images;

public sealed class ImageCatalogTests
{
    private const string Tag = "registry.fly.io/vyx-app:deployment-1";
    private const string NextTag = "registry.fly.io/vyx-app:deployment-2";
    private readonly FakeRegistry _registry = new();
    private readonly FakeImageStore _store = new();
    private readonly IFlyApi _api = Substitute.For<IFlyApi>();

    [Fact]
    public void Nothing_is_resolved_before_the_first_refresh()
    {
        var fleet = Catalog(Tag).Fleet;

        Assert.False(fleet.Resolved);
        Assert.Null(fleet.Reference);
        Assert.Contains("not resolved yet", fleet.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_tag_is_pinned_to_the_digest_that_it_means()
    {
        _registry.Push(Tag, 'a');
        var catalog = Catalog(Tag);

        Assert.True(await catalog.RefreshAsync(CancellationToken.None));

        Assert.Equal(new ImageStatus(Pinned('a'), FakeRegistry.Digest('a'), Tag, null), catalog.Fleet);
        Assert.False(await catalog.RefreshAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_tag_that_moves_is_noticed()
    {
        _registry.Push(Tag, 'a');
        var catalog = Catalog(Tag);
        await catalog.RefreshAsync(CancellationToken.None);

        _registry.Push(Tag, 'b');

        Assert.True(await catalog.RefreshAsync(CancellationToken.None));
        Assert.Equal(Pinned('b'), catalog.Fleet.Reference);
    }

    [Fact]
    public async Task A_digest_is_checked_to_exist_and_then_never_asked_for_again()
    {
        _registry.Push(Pinned('c'), 'c');
        var catalog = Catalog(Pinned('c'));
        await catalog.RefreshAsync(CancellationToken.None);
        var looks = _registry.Looks;

        _registry.Trouble = FlyErrorClass.Transient;
        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Equal(1, looks);
        Assert.Equal(looks, _registry.Looks);
        Assert.Equal(new ImageStatus(Pinned('c'), FakeRegistry.Digest('c'), Pinned('c'), null), catalog.Fleet);
    }

    [Fact]
    public async Task A_tag_that_does_not_exist_keeps_machines_where_they_are()
    {
        _registry.Push(Tag, 'a');
        await Catalog(Tag).RefreshAsync(CancellationToken.None);
        var catalog = Catalog(NextTag);

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Equal(Pinned('a'), catalog.Fleet.Reference);
        Assert.Equal(
            $"image {NextTag} does not exist in the registry (404); machines stay on {Tag}; push the tag or correct DOCKER_IMAGE", catalog.Fleet.Problem);
    }

    [Fact]
    public async Task An_image_that_is_pushed_later_is_found()
    {
        var catalog = Catalog(Tag);
        await catalog.RefreshAsync(CancellationToken.None);
        Assert.Contains("no machine is created", catalog.Fleet.Problem, StringComparison.Ordinal);

        _registry.Push(Tag, 'a');

        Assert.True(await catalog.RefreshAsync(CancellationToken.None));
        Assert.True(catalog.Fleet.Resolved);
    }

    [Theory]
    [InlineData(FlyErrorClass.Transient, "gives no usable answer")]
    [InlineData(FlyErrorClass.Throttled, "gives no usable answer")]
    [InlineData(FlyErrorClass.Unauthorised, "refuses our token")]
    [InlineData(FlyErrorClass.Invalid, "invalid")]
    [InlineData(FlyErrorClass.NotFound, "does not exist")]
    public async Task A_registry_in_trouble_keeps_the_last_good_image_and_says_why(FlyErrorClass error, string expected)
    {
        _registry.Push(Tag, 'a');
        var catalog = Catalog(Tag);
        await catalog.RefreshAsync(CancellationToken.None);
        _registry.Trouble = error;

        Assert.True(await catalog.RefreshAsync(CancellationToken.None));

        Assert.False(catalog.Fleet.Resolved);
        Assert.Equal(Pinned('a'), catalog.Fleet.Reference);
        Assert.Contains(expected, catalog.Fleet.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("12345", catalog.Fleet.Problem, StringComparison.Ordinal);
        Assert.False(await catalog.RefreshAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_restart_while_the_registry_is_away_remembers_the_last_good_image()
    {
        _registry.Push(Tag, 'a');
        await Catalog(Tag).RefreshAsync(CancellationToken.None);
        _registry.Trouble = FlyErrorClass.Transient;
        var catalog = Catalog(Tag);

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Equal((Pinned('a'), Tag), (catalog.Fleet.Reference, catalog.Fleet.Label));
    }

    [Fact]
    public async Task The_last_good_image_is_saved_only_when_it_changes()
    {
        _registry.Push(Tag, 'a');
        var catalog = Catalog(Tag);

        await catalog.RefreshAsync(CancellationToken.None);
        await catalog.RefreshAsync(CancellationToken.None);
        await Catalog(Tag).RefreshAsync(CancellationToken.None);

        Assert.Equal(1, _store.Saves);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{}")]
    [InlineData("{\"source\":\"x\",\"reference\":\"registry.fly.io/vyx-app:tag\",\"label\":\"x\"}")]
    [InlineData("{\"source\":\"x\",\"reference\":5}")]
    public async Task A_document_that_is_not_ours_is_ignored(string json)
    {
        _store.Json = json;
        var catalog = Catalog(Tag);

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Null(catalog.Fleet.Reference);
    }

    [Fact]
    public async Task A_store_in_trouble_does_not_stop_an_image_that_resolves_and_is_tried_again()
    {
        _registry.Push(Tag, 'a');
        _store.Broken = true;
        var catalog = Catalog(Tag);

        await catalog.RefreshAsync(CancellationToken.None);
        Assert.True(catalog.Fleet.Resolved);
        _store.Broken = false;
        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Equal(1, _store.Saves);
    }

    [Fact]
    public async Task A_followed_apps_started_machine_names_the_image()
    {
        Follow(Machine("1", 'a', tag: "deployment-1"), Machine("2", 'b', tag: "deployment-2", state: "stopped"));
        var catalog = Catalog("follow:vyx-app");

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Equal(new ImageStatus(Pinned('a'), FakeRegistry.Digest('a'), Tag, null), catalog.Fleet);
        Assert.Equal(0, _registry.Looks);
    }

    [Fact]
    public async Task The_image_that_most_machines_run_wins_even_over_a_newer_one()
    {
        Follow(Machine("1", 'a', minute: 1), Machine("2", 'b', minute: 9), Machine("3", 'a', minute: 2));
        var catalog = Catalog("follow:vyx-app");

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Equal(Pinned('a'), catalog.Fleet.Reference);
    }

    [Fact]
    public async Task Among_equals_the_machine_that_changed_last_wins()
    {
        Follow(Machine("1", 'a', minute: 1), Machine("2", 'b', minute: 9));
        var catalog = Catalog("follow:vyx-app");

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Equal(Pinned('b'), catalog.Fleet.Reference);
    }

    [Fact]
    public async Task A_machine_whose_digest_fly_does_not_tell_is_resolved_by_its_configured_image()
    {
        _registry.Push(NextTag, 'b');
        Follow(new Machine { Id = "1", State = "started", Config = new MachineConfig { Image = NextTag } });
        var catalog = Catalog("follow:vyx-app");

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Equal(new ImageStatus(Pinned('b'), FakeRegistry.Digest('b'), NextTag, null), catalog.Fleet);
    }

    [Fact]
    public async Task A_followed_app_without_machines_is_a_problem()
    {
        Follow();
        var catalog = Catalog("follow:vyx-app");

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Contains("app 'vyx-app' has no machines to follow", catalog.Fleet.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_followed_app_whose_machines_are_all_stopped_is_a_problem()
    {
        Follow(Machine("1", 'a', state: "stopped"));
        var catalog = Catalog("follow:vyx-app");

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Contains("no started machine", catalog.Fleet.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_followed_app_whose_hosts_tell_nothing_is_a_problem()
    {
        Follow(new Machine { Id = "1", State = "started" });
        var catalog = Catalog("follow:vyx-app");

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Contains("tells its image", catalog.Fleet.Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("replacing")]
    [InlineData("starting")]
    [InlineData("created")]
    public async Task A_deploy_of_the_followed_app_is_no_reason_to_doubt_the_image(string state)
    {
        Follow(Machine("1", 'a'));
        var catalog = Catalog("follow:vyx-app");
        await catalog.RefreshAsync(CancellationToken.None);

        Follow(Machine("1", 'b', state: state));

        Assert.False(await catalog.RefreshAsync(CancellationToken.None));
        Assert.True(catalog.Fleet.Resolved);
    }

    [Theory]
    [InlineData(FlyErrorClass.NotFound, "app 'vyx-app' does not exist at Fly (404)")]
    [InlineData(FlyErrorClass.Unauthorised, "Fly refuses our token for app 'vyx-app'")]
    [InlineData(FlyErrorClass.Transient, "Fly gives no usable answer")]
    public async Task A_followed_app_that_cannot_be_read_keeps_the_last_good_image(FlyErrorClass error, string expected)
    {
        Follow(Machine("1", 'a', tag: "deployment-1"));
        var catalog = Catalog("follow:vyx-app");
        await catalog.RefreshAsync(CancellationToken.None);
        _api.ListMachinesAsync("vyx-app", Arg.Any<CancellationToken>()).ThrowsAsync(new FlyApiException(error, "machines.list", null, "text"));

        Assert.True(await catalog.RefreshAsync(CancellationToken.None));

        Assert.Equal(Pinned('a'), catalog.Fleet.Reference);
        Assert.Contains(expected, catalog.Fleet.Problem, StringComparison.Ordinal);
        Assert.Contains($"machines stay on {Tag}", catalog.Fleet.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_override_is_unresolved_until_it_was_looked_up()
    {
        _registry.Push(Tag, 'a').Push(NextTag, 'b');
        var catalog = Catalog(Tag);
        await catalog.RefreshAsync(CancellationToken.None);

        Assert.Contains("not resolved yet", catalog.ForOverride(NextTag).Problem, StringComparison.Ordinal);
        Assert.True(await catalog.RefreshAsync(CancellationToken.None));
        Assert.Equal(new ImageStatus(Pinned('b'), FakeRegistry.Digest('b'), NextTag, null), catalog.ForOverride(NextTag));
        Assert.False(await catalog.RefreshAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_override_asked_for_the_first_time_is_looked_up_at_once_and_only_once()
    {
        _registry.Push(Tag, 'a').Push(NextTag, 'b');
        var catalog = Catalog(Tag);
        catalog.ForOverride(NextTag);

        var first = catalog.LookUpNewAsync(CancellationToken.None);
        await catalog.LookUpNewAsync(CancellationToken.None); // waits for the same look, or finds it done

        Assert.True(await first);

        Assert.Equal(Pinned('b'), catalog.ForOverride(NextTag).Reference);
        Assert.False(await catalog.LookUpNewAsync(CancellationToken.None));
    }

    [Fact]
    public async Task An_override_that_stops_resolving_keeps_what_it_meant()
    {
        _registry.Push(Tag, 'a').Push(NextTag, 'b');
        var catalog = Catalog(Tag);
        catalog.ForOverride(NextTag);
        await catalog.RefreshAsync(CancellationToken.None);
        _registry.Trouble = FlyErrorClass.Transient;

        Assert.True(await catalog.RefreshAsync(CancellationToken.None));

        Assert.Equal(Pinned('b'), catalog.ForOverride(NextTag).Reference);
        Assert.Contains("stays on what it meant before", catalog.ForOverride(NextTag).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_override_that_does_not_exist_says_so_for_that_user_only()
    {
        _registry.Push(Tag, 'a');
        var catalog = Catalog(Tag);
        catalog.ForOverride(NextTag);

        await catalog.RefreshAsync(CancellationToken.None);

        Assert.True(catalog.Fleet.Resolved);
        Assert.Equal(
            $"image {NextTag} does not exist in the registry (404); no machine gets it; push the tag or correct the override's image",
            catalog.ForOverride(NextTag).Problem);
    }

    [Theory]
    [InlineData("")]
    [InlineData("follow:vyx-app")]
    [InlineData("not an image")]
    [InlineData("\u001b[2J")]
    public void An_override_that_is_not_an_image_is_a_problem_at_once(string reference)
    {
        var status = Catalog(Tag).ForOverride(reference);

        Assert.Contains("correct the override's image", status.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(status.Label!, char.IsControl);
    }

    [Fact]
    public async Task Overrides_are_bounded_and_the_one_asked_for_longest_ago_is_forgotten()
    {
        _registry.Push(Tag, 'a');
        for (var i = 0; i < OverrideImages.Capacity; i++)
        {
            _registry.Push(Numbered(i), 'b');
        }

        var catalog = Catalog(Tag);
        for (var i = 0; i < OverrideImages.Capacity; i++)
        {
            catalog.ForOverride(Numbered(i));
        }

        await catalog.RefreshAsync(CancellationToken.None);
        catalog.ForOverride(Numbered(0));
        catalog.ForOverride(Numbered(OverrideImages.Capacity));

        Assert.True(catalog.ForOverride(Numbered(0)).Resolved);
        Assert.False(catalog.ForOverride(Numbered(1)).Resolved);
    }

    private static string Numbered(int number) => $"registry.fly.io/vyx-app:v{number}";

    private static string Pinned(char digit) => "registry.fly.io/vyx-app@" + FakeRegistry.Digest(digit);

    private static Machine Machine(string id, char digit, string? tag = null, string state = "started", int minute = 0) => new()
    {
        Id = id,
        State = state,
        UpdatedAt = new DateTimeOffset(2026, 1, 1, 0, minute, 0, TimeSpan.Zero),
        ImageRef = new ImageRef("registry.fly.io", "vyx-app", tag, FakeRegistry.Digest(digit)),
    };

    private void Follow(params Machine[] machines) => _api.ListMachinesAsync("vyx-app", Arg.Any<CancellationToken>()).Returns(machines);

    private ImageCatalog Catalog(string image)
    {
        Assert.True(ImageSource.TryParse(image, out var source, out _));
        return new ImageCatalog(source, _api, _registry, _store, NullLogger<ImageCatalog>.Instance);
    }
}
