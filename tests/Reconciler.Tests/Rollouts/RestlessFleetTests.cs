using Xunit.Abstractions;

namespace Reconciler.Tests.Rollouts;

/// <summary>What holds for a rollout in every fleet whose users fall, come up, come and go meanwhile.</summary>
public sealed class RestlessFleetTests(ITestOutputHelper output)
{
    private const int Seeds = 300;
    private const string Replay = "RESTLESS_SEED";

    /// <summary>The same seeds in every run; others, for as long as <c>RESTLESS_SECONDS</c> says; or the one that <c>RESTLESS_SEED</c> names, with
    /// its whole timeline.</summary>
    [Fact]
    public void Never_more_users_are_down_than_allowed_and_it_comes_to_rest()
    {
        if (int.TryParse(Environment.GetEnvironmentVariable(Replay), out var one))
        {
            Assert.Null(new RestlessFleet(one, output.WriteLine).Live());
            return;
        }

        var seconds = int.TryParse(Environment.GetEnvironmentVariable("RESTLESS_SECONDS"), out var given) ? given : 0;
        var began = TimeProvider.System.GetTimestamp();
        var first = seconds > 0 ? Random.Shared.Next(int.MaxValue / 2) : 0;
        for (var i = 0; i < Seeds || TimeProvider.System.GetElapsedTime(began).TotalSeconds < seconds; i++)
        {
            var broken = new RestlessFleet(first + i).Live();
            Assert.True(broken is null, $"{broken}\nReplay: {Replay}={first + i} dotnet test tests/Reconciler.Tests -c Release --filter RestlessFleetTests --logger 'console;verbosity=detailed'");
        }
    }
}
