using FlyApi.Contracts;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Model;
using Reconciler.Rollouts;
using Store;

namespace Probe;

/// <summary>
/// The product's turn of a rollout that is under way: read where it stands with every user, judge those who were moved, decide who is
/// next. What a turn decides is written by the turns that bring the rollout to its middle, and not by those that are measured.
/// </summary>
internal sealed class OurTurn(PostgresStores stores, LeaseToken lease) : IRound
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;

    /// <summary>As many at once as the last wave has, so that half the fleet is on its way after two turns.</summary>
    private static readonly RolloutSettings Settings = new()
    {
        Strategy = new Strategy { CanaryCount = 0, Waves = [0.5, 1], MaxUnavailable = int.MaxValue },
    };

    private readonly RolloutMemory _memory = new();

    public static async Task<OurTurn> OpenAsync(string database)
    {
        var stores = StoreFactory.Create(
            new StoreOptions { ConnectionString = database }, TimeProvider.System, NullLoggerFactory.Instance, static () => 0.5);
        var attempt = await stores.Leases.TryAcquireAsync("bench", "bench", TimeSpan.FromHours(1), CancellationToken.None);
        var turn = new OurTurn(stores, attempt.Token!);
        await turn.TakeAsync(Policy('a')); // the fleet's first revision
        await turn.TakeAsync(Policy('b')); // another begins, and its first wave is moved
        return turn;
    }

    /// <returns>How many users were marked.</returns>
    public async Task<long> RunAsync()
    {
        var (reader, outcome) = await DecideAsync(Policy('b'));
        return outcome.State.IsUnderWay ? reader.Board.Users.Count(static u => u.Mark is not null) : -1;
    }

    private async Task TakeAsync(FleetPolicy policy)
    {
        var (reader, outcome) = await DecideAsync(policy);
        if (reader.WriteOf(outcome) is { } write && !await stores.Store.WriteRolloutAsync(lease, write, CancellationToken.None))
        {
            throw new InvalidOperationException("somebody else writes this bench's rollout");
        }
    }

    private async Task<(RolloutReader Reader, RolloutOutcome Outcome)> DecideAsync(FleetPolicy policy)
    {
        var reader = await RolloutReader.ReadAsync(stores.Store, policy, _memory, CancellationToken.None);
        var input = reader.Input(
            policy, static _ => true, static (_, _) => true, null, static _ => null, Settings, Now, Now, TimeSpan.FromMinutes(10));
        return (reader, RolloutPlanner.Next(input)!);
    }

    private static FleetPolicy Policy(char image)
    {
        var digest = "sha256:" + new string(image, 64);
        return new FleetPolicy
        {
            OrgSlug = "bench",
            AppNamePrefix = "vyx-user-",
            Region = "sin",
            Guests = new Dictionary<string, Guest> { ["pro"] = new("shared", 2, 512), ["elite"] = new("shared", 2, 512) },
            Image = new ImageStatus("registry.fly.io/vyx-app@" + digest, digest, "registry.fly.io/vyx-app:" + image, null),
            Secrets = new SecretsStatus("0123456789abcdef", ["SUPABASE_URL"], null),
            Env = new Dictionary<string, string>(),
            Check = new HealthCheckPolicy("health", 8080, "/health", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
            PublicIngress = false,
            Timings = new Timings(),
        };
    }
}
