using System.CommandLine;
using Soak.Kills;
using Soak.Soaking;
using Soak.Takeovers;

namespace Soak;

/// <summary>The commands and their options.</summary>
internal static class CommandLine
{
    public static Task<int> RunAsync(string[] args)
    {
        var seed = new Option<int?>("--seed") { Description = "Repeat the choices of an earlier run; its timing is not repeated." };
        var reconciler = new Option<string?>("--reconciler") { Description = "The product to run; default the one built beside this." };

        var duration = new Option<string>("--duration") { Description = "How long everything goes wrong, for example 60s or 5m.", DefaultValueFactory = _ => "5m" };
        var users = new Option<int>("--users") { Description = "How many.", DefaultValueFactory = _ => 200 };
        var soak = new Command("soak", "Two daemons, everything going wrong, then rest: every promise is checked.") { duration, users, seed, reconciler };
        soak.SetAction((parsed, _) => SoakRun.RunAsync(new SoakOptions(
            Duration(parsed.GetValue(duration)!), parsed.GetValue(users), Seed(parsed.GetValue(seed)), parsed.GetValue(reconciler))));

        var takeovers = new Option<int>("--count") { Description = "How many.", DefaultValueFactory = _ => 10_000 };
        var takeover = new Command("takeovers", "Leaders lose the lease in mid-write on a real PostgreSQL: no stale write may land.") { takeovers, seed };
        takeover.SetAction((parsed, _) => TakeoverRun.RunAsync(parsed.GetValue(takeovers), Seed(parsed.GetValue(seed))));

        var kills = new Option<int>("--count") { Description = "How many.", DefaultValueFactory = _ => 500 };
        var kill = new Command("kills", "kill -9 of the daemon at random points, again and again.") { kills, seed, reconciler };
        kill.SetAction((parsed, _) => KillRun.RunAsync(new KillOptions(
            parsed.GetValue(kills), Seed(parsed.GetValue(seed)), parsed.GetValue(reconciler))));

        var puppet = new Command(FrozenLeader.Puppet, "The child that takeovers freezes; not for people.") { Hidden = true };
        puppet.SetAction((_, _) => FrozenLeader.ActAsync());

        return new RootCommand("Long and cruel runs of the real parts.") { soak, takeover, kill, puppet }.Parse(args).InvokeAsync();
    }

    private static int Seed(int? given) => given ?? Random.Shared.Next();

    private static TimeSpan Duration(string text) => text switch
    {
        [.. var number, 's'] => TimeSpan.FromSeconds(double.Parse(number, CultureInfo.InvariantCulture)),
        [.. var number, 'm'] => TimeSpan.FromMinutes(double.Parse(number, CultureInfo.InvariantCulture)),
        _ => TimeSpan.Parse(text, CultureInfo.InvariantCulture),
    };
}
