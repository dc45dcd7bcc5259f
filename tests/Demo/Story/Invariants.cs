using System.Globalization;
using Demo.Stage;

namespace Demo.Story;

/// <summary>What must have held all the time.</summary>
internal static class Invariants
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<Claim> Claims { get; } =
    [
        new("Dan is free and has nothing", FreeHasNothingAsync),
        new("Never were two machines of one user started", NeverTwoAsync),
        new("No secret in log, database, metrics or config", NoSecretAsync),
        new("Settled is quiet: `plan` is empty, no write", QuietAsync),
    ];

    private static async Task<string> FreeHasNothingAsync(Scene scene, CancellationToken cancellationToken)
    {
        var people = await scene.Reader.EveryoneAsync(cancellationToken);
        var expected = Cast.Paying.Select(p => people[p.Id].Row!.App).Order(StringComparer.Ordinal).ToList();
        var apps = (await scene.Reader.FlyAsync(cancellationToken)).Apps.Select(a => a.Name).Except([Theatre.FollowedApp]).Order(StringComparer.Ordinal).ToList();
        var problem = Expectation.Of(expect =>
        {
            expect.That(people[Cast.Dan.Id].Row is null, "Dan has a row");
            expect.Same("the list of apps", string.Join(", ", expected), string.Join(", ", apps));
        });
        var events = await scene.Reader.EventsAsync(Cast.Dan);
        return problem is null && events.Count == 0
            ? $"no row, no app, no event; {apps.Count} apps in all"
            : throw new ClaimFailedException(problem ?? $"{events.Count} events tell of Dan");
    }

    private static async Task<string> NeverTwoAsync(Scene scene, CancellationToken cancellationToken)
    {
        var fly = await scene.Reader.FlyAsync(cancellationToken);
        if (fly.Overlaps.Count > 0)
        {
            var overlap = fly.Overlaps[0];
            throw new ClaimFailedException($"{overlap.Of} at {overlap.At:HH:mm:ss.fff}: {string.Join(" and ", overlap.Machines)}");
        }

        if (Cast.Paying.FirstOrDefault(p => fly.MaxRunningByUser.GetValueOrDefault(p.Id.ToString()) != 1) is { } person)
        {
            throw new ClaimFailedException($"Fly counted {fly.MaxRunningByUser.GetValueOrDefault(person.Id.ToString())} machines of {person.Name}");
        }

        return "no overlap in Fly's own record";
    }

    private static async Task<string> NoSecretAsync(Scene scene, CancellationToken cancellationToken)
    {
        var places = await LeakSearch.PlacesAsync(scene, cancellationToken);
        foreach (var secret in scene.Theatre.Secrets.Sensitive)
        {
            if (places.FirstOrDefault(p => p.Text.Contains(secret, StringComparison.Ordinal)) is { } leak)
            {
                throw new ClaimFailedException($"{leak.Name} holds the value that begins with {secret[..10]}");
            }
        }

        var kilobytes = places.Sum(p => p.Text.Length) / 1024;
        return string.Create(
            CultureInfo.InvariantCulture, $"{scene.Theatre.Secrets.Sensitive.Count} values, {places.Count} places, {kilobytes} kB searched");
    }

    private static async Task<string> QuietAsync(Scene scene, CancellationToken cancellationToken)
    {
        var since = await scene.CallsSoFarAsync(cancellationToken);
        var rows = await RowVersionsAsync(scene);
        await Task.Delay(Quiet, cancellationToken);
        foreach (var command in (string[])["plan", "status"])
        {
            var finished = await scene.Theatre.CommandAsync(cancellationToken, command);
            if (finished.ExitCode != 0)
            {
                throw new ClaimFailedException($"reconciler {command}: {finished.Summary}");
            }
        }

        var calls = await scene.Fly.CallsAsync(since, mutatingOnly: true, cancellationToken);
        return calls.Count > 0
            ? throw new ClaimFailedException($"{calls[0].Operation} was sent to {calls[0].App}")
            : rows.SequenceEqual(await RowVersionsAsync(scene))
                ? "0 calls that change, 0 rows written"
                : throw new ClaimFailedException("a settled user's row was written");
    }

    /// <summary>The transaction that last wrote each row: changes with every write, even one of the same values.</summary>
    private static Task<List<string>> RowVersionsAsync(Scene scene) =>
        scene.Theatre.Database.ListAsync<string>("select xmin::text from public.user_fly_apps order by id");
}
