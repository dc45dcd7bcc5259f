using Demo.Stage;
using FlySim.Admin;

namespace Demo.Story;

/// <summary>Users who pay get their machines.</summary>
internal static class Provisioning
{
    public static IReadOnlyList<Claim> Claims { get; } =
    [
        new("Ben (pro), Cleo (elite) paid before: both run", BothRunAsync),
        new("Ada upgrades to pro: one machine, correct", UpgradeAsync),
        new("… with nine secrets; /health says it is hers", IsHersAsync),
        new("… and the events tell it", EventsTellItAsync),
    ];

    private static async Task<string> BothRunAsync(Scene scene, CancellationToken cancellationToken)
    {
        foreach (var person in (Person[])[Cast.Ben, Cast.Cleo])
        {
            await scene.UntilAsync(person, RunsRight.For(scene, person), cancellationToken);
        }

        return "2 in sin, 2 CPUs/512 MB, healthy";
    }

    private static async Task<string> UpgradeAsync(Scene scene, CancellationToken cancellationToken)
    {
        var before = await scene.CallsSoFarAsync(cancellationToken);
        await scene.Theatre.Database.Data.SetTierAsync(Cast.Ada.Id, "pro");
        var committed = DateTimeOffset.UtcNow;
        var seen = await scene.UntilAsync(Cast.Ada, RunsRight.For(scene, Cast.Ada), cancellationToken);
        var calls = await scene.Fly.CallsAsync(before, cancellationToken: cancellationToken);
        var first = calls.First(c => c.App == seen.App!.Name);
        return $"sin, 2 CPUs/512 MB; Fly asked after {Math.Max(0, (first.Time - committed).TotalMilliseconds):0} ms";
    }

    private static async Task<string> IsHersAsync(Scene scene, CancellationToken cancellationToken)
    {
        var seen = await scene.Reader.OneAsync(Cast.Ada, cancellationToken);
        if (Expectation.Of(e => RunsRight.For(scene, Cast.Ada)(e, seen)) is { } problem)
        {
            throw new ClaimFailedException(problem);
        }

        return $"{seen.Health!.RunMode}, user {seen.Health.UserId![..8]}…";
    }

    private static async Task<string> EventsTellItAsync(Scene scene, CancellationToken cancellationToken)
    {
        string[] wanted = ["provision_requested", "provision_started", "health_check_passed", "provision_completed"];
        var found = await scene.Reader.EventsAsync(Cast.Ada);
        var missing = wanted.Except(found).ToList();
        return missing.Count == 0
            ? "requested, started, healthy, completed"
            : throw new ClaimFailedException($"missing {string.Join(", ", missing)} among {string.Join(", ", found)}");
    }
}
