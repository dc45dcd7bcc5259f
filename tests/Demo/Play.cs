using Demo.Reading;
using Demo.Stage;
using Demo.Story;
using Demo.View;

namespace Demo;

/// <summary>Sets the scene and checks one claim after the other.</summary>
internal sealed class Play(Theatre theatre, Board board)
{
    /// <summary>For the story as a whole, so that a broken product is told about in good time.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(160);

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(250);

    /// <exception cref="InvalidOperationException">The scene could not be set.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await SetSceneAsync(cancellationToken);
        using var reader = new FleetReader(theatre);
        using var watching = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var watch = WatchUsersAsync(reader, watching.Token);
        try
        {
            var scene = new Scene(theatre, reader);
            using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            late.CancelAfter(Limit);
            foreach (var claim in board.Claims)
            {
                await CheckAsync(claim, scene, late.Token, cancellationToken);
            }

            board.Users = await UsersAsync(reader, cancellationToken);
            board.Now = "";
        }
        finally
        {
            await watching.CancelAsync();
            await watch;
        }
    }

    private async Task SetSceneAsync(CancellationToken cancellationToken)
    {
        board.Tell("reconciler migrate, on the host application's tables");
        await theatre.MigrateAsync(cancellationToken);
        await theatre.CreateDaemonLoginAsync();
        foreach (var (person, tier) in new[] { (Cast.Ada, "free"), (Cast.Ben, "pro"), (Cast.Cleo, "elite"), (Cast.Dan, "free") })
        {
            await theatre.Database.Data.CreateUserAsync(tier, id: person.Id);
        }

        board.Tell("reconciler run");
        theatre.StartDaemon();
    }

    private async Task CheckAsync(Claim claim, Scene scene, CancellationToken late, CancellationToken interrupted)
    {
        board.Begin(claim);
        var started = TimeProvider.System.GetTimestamp();
        var (holds, evidence) = await TryAsync(claim, scene, late, interrupted);
        board.End(claim, holds, evidence, TimeProvider.System.GetElapsedTime(started));
    }

    private static async Task<(bool Holds, string Evidence)> TryAsync(
        Claim claim, Scene scene, CancellationToken late, CancellationToken interrupted)
    {
        try
        {
            late.ThrowIfCancellationRequested();
            return (true, await claim.Check(scene, late));
        }
        catch (ClaimFailedException failed)
        {
            return (false, failed.Message);
        }
        catch (OperationCanceledException) when (!interrupted.IsCancellationRequested)
        {
            return (false, $"not seen within the story's {Limit.TotalSeconds} s");
        }
        catch (Exception broken) when (broken is not OperationCanceledException)
        {
            // Whatever breaks breaks this claim; the others are still worth checking.
            return (false, $"{broken.GetType().Name}: {broken.Message}");
        }
    }

    private async Task WatchUsersAsync(FleetReader reader, CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                board.Users = await UsersAsync(reader, cancellationToken);
                await Task.Delay(Look, cancellationToken);
            }
        }
        catch (OperationCanceledException)
        {
            // the story is over
        }
    }

    private static async Task<IReadOnlyList<UserLine>> UsersAsync(FleetReader reader, CancellationToken cancellationToken)
    {
        var everyone = await reader.EveryoneAsync(cancellationToken);
        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return [.. Cast.Everyone.Select(person => UserLine.Of(person, everyone[person.Id], now))];
    }
}
