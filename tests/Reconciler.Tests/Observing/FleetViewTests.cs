using FlyApi.Contracts;
using Reconciler.Observing;

namespace Reconciler.Tests.Observing;

public sealed class FleetViewTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private readonly FleetView _view = new();

    [Fact]
    public void Nothing_is_known_before_the_first_list() =>
        Assert.Equal((null, null, false, 0), (_view.CompleteAt, _view.ReadAt, _view.IsComplete, _view.MachineCount));

    [Fact]
    public void A_full_list_replaces_what_was_known()
    {
        _view.Replace([Row("a", "m1"), Row("a", "m2"), Row("b", "m3"), Row("gone", "m4", state: MachineStates.Destroyed)], [], Start);
        _view.Replace([Row("a", "m1")], [], Start.AddMinutes(1));

        Assert.Equal((1, true, Start.AddMinutes(1)), (_view.MachineCount, _view.IsComplete, _view.CompleteAt));
        Assert.Empty(_view.MachinesOf("b"));
    }

    [Fact]
    public void Machines_of_a_region_that_did_not_answer_are_kept_and_absence_means_nothing()
    {
        _view.Replace([Row("a", "m1", region: "sin"), Row("b", "m2", region: "fra")], [], Start);
        _view.Replace([Row("c", "m3", region: "fra")], ["sin"], Start.AddMinutes(1));

        Assert.Equal((1, 0, 1), (_view.MachinesOf("a").Length, _view.MachinesOf("b").Length, _view.MachinesOf("c").Length));
        Assert.Equal((false, Start, Start.AddMinutes(1)), (_view.IsComplete, _view.CompleteAt, _view.ReadAt));
        Assert.Equal(["sin"], _view.ErrorRegions);
    }

    public static TheoryData<string, bool> Changes => new()
    {
        { "new app", true }, { "new machine", true }, { "state", true }, { "version", true }, { "destroyed", true },
        { "seen already", false }, { "only the time", false }, { "older", false }, { "destroyed and unknown", false }, { "destroyed in an unknown app", false },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Only_what_is_different_is_news(string change, bool isNews)
    {
        var row = Row("a", "m1");
        _view.Replace([row], [], Start);
        var news = change switch
        {
            "new app" => Row("b", "m2"),
            "new machine" => Row("a", "m2"),
            "state" => row with { State = MachineStates.Stopped },
            "version" => row with { InstanceId = "v2" },
            "destroyed" => row with { State = MachineStates.Destroyed },
            "only the time" => row with { UpdatedAt = Start.AddHours(1) },
            "older" => row with { State = MachineStates.Stopped, UpdatedAt = Start.AddHours(-1) },
            "destroyed and unknown" => Row("a", "m9", state: MachineStates.Destroyed),
            "destroyed in an unknown app" => Row("z", "m9", state: MachineStates.Destroyed),
            _ => row,
        };

        var changed = _view.Apply([news, news], Start.AddMinutes(1));

        Assert.Equal(isNews ? [news.AppName] : [], changed);
        Assert.Empty(_view.Apply([news], Start.AddMinutes(2)));
        Assert.Equal(Start.AddMinutes(2), _view.ReadAt);
    }

    [Fact]
    public void An_older_row_never_overwrites_a_newer_one()
    {
        _view.Replace([Row("a", "m1")], [], Start);
        _view.Apply([Row("a", "m1", state: MachineStates.Stopped) with { UpdatedAt = Start.AddHours(-1) }], Start);

        Assert.Equal(MachineStates.Started, Assert.Single(_view.MachinesOf("a")).State);
    }

    [Fact]
    public void An_app_whose_last_machine_is_destroyed_is_forgotten()
    {
        _view.Replace([Row("a", "m1")], [], Start);
        _view.Apply([Row("a", "m1", state: MachineStates.Destroyed)], Start);

        Assert.False(_view.Read(apps => apps.ContainsKey("a")));
    }

    internal static OrgMachine Row(string app, string id, string state = MachineStates.Started, string? region = "sin") =>
        new(app, id, app + "-main", state, region, "v1", Start, "image", 2, 512);
}
