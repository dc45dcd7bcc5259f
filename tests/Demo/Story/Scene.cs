using Demo.Reading;
using Demo.Stage;
using FlySim;

namespace Demo.Story;

/// <summary>What the claims play with: the theatre, eyes, and patience.</summary>
internal sealed class Scene(Theatre theatre, FleetReader reader)
{
    /// <summary>A claim that does not hold by then does not hold; about ten times what it takes.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    public Theatre Theatre => theatre;
    public FleetReader Reader => reader;
    public FlySimClient Fly => theatre.Fly.Client;

    /// <summary>The row that Cleo had when she left.</summary>
    public Guid LeftRow { get; set; }

    /// <summary>Waits until a user is as expected. Returns what was seen then.</summary>
    /// <exception cref="ClaimFailedException">It did not come about in time, or the daemon ended.</exception>
    public async Task<Sighting> UntilAsync(Person person, Action<Expectation, Sighting> expect, CancellationToken cancellationToken)
    {
        var seen = Sighting.Nothing;
        await UntilAsync(
            async () =>
            {
                seen = await reader.OneAsync(person, cancellationToken);
                return Expectation.Of(e => expect(e, seen));
            },
            cancellationToken);
        return seen;
    }

    /// <param name="problem">Null when it has come about, else what is still missing.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    public async Task UntilAsync(Func<Task<string?>> problem, CancellationToken cancellationToken)
    {
        var started = TimeProvider.System.GetTimestamp();
        while (await problem() is { } missing)
        {
            if (theatre.Daemon is { HasEnded: true })
            {
                throw new ClaimFailedException($"the daemon has ended; {missing}");
            }

            if (TimeProvider.System.GetElapsedTime(started) > Patience)
            {
                throw new ClaimFailedException($"after {Patience.TotalSeconds} s: {missing}");
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    /// <summary>The user's machine now; for claims that do something to it.</summary>
    public async Task<(string App, FlySim.Admin.MachineState Machine)> MachineOfAsync(Person person, CancellationToken cancellationToken)
    {
        var seen = await reader.OneAsync(person, cancellationToken);
        return seen is { App: { } app, Machine: { } machine }
            ? (app.Name, machine)
            : throw new ClaimFailedException($"{person.Name} has {seen.Machines.Count} machines to begin with");
    }

    /// <summary>The number of the last request that Fly has seen.</summary>
    public async Task<long> CallsSoFarAsync(CancellationToken cancellationToken) =>
        (await Fly.CallsAsync(cancellationToken: cancellationToken)) is [.., var last] ? last.Seq : 0;
}
