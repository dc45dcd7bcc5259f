using System.CommandLine;

namespace Reconciler.Cli;

/// <summary>The group <c>rollout</c>: what an operator may see of a rollout and say to it.</summary>
internal static class RolloutCommands
{
    private static readonly (string Name, string Description)[] Orders =
    [
        ("resume", "Let a paused rollout go on."),
        ("promote", "Waive canary, waves, soaks and windows of the rollout that is under way."),
        ("abort", "Take the rollout back, and do not try its revision again."),
        ("retry", "Try a revision that was found bad once more, or a revert that failed."),
    ];

    /// <param name="json">Print JSON instead of a table.</param>
    /// <param name="owner">Who decides.</param>
    /// <param name="reason">Why.</param>
    /// <param name="add">Adds a command with its action.</param>
    public static Command Group(
        Option<bool> json, Option<string> owner, Option<string> reason, Action<Command, Command, Func<ParseResult, CancellationToken, Task<int>>> add)
    {
        var group = new Command("rollout", "See and steer how a change of the fleet reaches its users.");
        var limit = new Option<int>("--limit") { Description = "How many lines.", DefaultValueFactory = _ => 30 };
        var length = new Option<TimeSpan?>("--for") { Description = "The pause ends by itself after this time (hh:mm:ss)." };
        add(
            group,
            new Command("status", "Show where the rollout stands; exit 1 while one is under way or held.") { json },
            (parsed, ct) => RolloutStatusCommand.RunAsync(parsed.GetValue(json), ct));
        add(
            group,
            new Command("history", "Show what happened, the newest first.") { limit, json },
            (parsed, ct) => RolloutHistoryCommand.RunAsync(parsed.GetValue(limit), parsed.GetValue(json), ct));
        add(
            group,
            new Command("pause", "Move nobody forward until it is resumed.") { owner, reason, length },
            (parsed, ct) => RolloutOrderCommand.RunAsync("pause", parsed.GetValue(owner)!, parsed.GetValue(reason)!, parsed.GetValue(length), ct));
        foreach (var (name, description) in Orders)
        {
            add(
                group,
                new Command(name, description) { owner, reason },
                (parsed, ct) => RolloutOrderCommand.RunAsync(name, parsed.GetValue(owner)!, parsed.GetValue(reason)!, null, ct));
        }

        return group;
    }
}
