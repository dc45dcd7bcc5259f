using Soak.Stage;

namespace Soak.Judging;

/// <summary>The promises that have to hold after any run.</summary>
internal static class Verdicts
{
    public static async Task<List<Claim>> AllAsync(Arena arena) =>
    [
        NeverTwo(arena),
        await NeighboursUntouchedAsync(arena),
        await DestroysPaidForAsync(arena),
        .. await Events.ClaimsAsync(arena),
        await Quiet.ClaimAsync(arena),
        await NoDriftAsync(arena),
        await SecretSearch.ClaimAsync(arena),
    ];

    private static Claim NeverTwo(Arena arena)
    {
        var state = arena.Server.World.Snapshot();
        var problems = state.Overlaps.Select(o => $"{o.Of} at {o.At:HH:mm:ss.fff}: {string.Join(" and ", o.Machines)}")
            .Concat(state.MaxRunningByUser.Where(u => u.Value > 1).Select(u => $"user {u.Key} had {u.Value} running")).ToList();
        return Claim.Unless(problems, "Never two machines of one user ran at once", $"{state.MaxRunningByUser.Count} users watched, at most 1 each");
    }

    private static async Task<Claim> NeighboursUntouchedAsync(Arena arena)
    {
        var state = arena.Server.World.Snapshot();
        var problems = Neighbours.Names
            .Where(n => state.App(n) is not { SecretsVersion: 0 } app || app.Machines is not [{ State: "started", Versions: 1, Running: true }])
            .Select(n => $"{n} is not as it was").ToList();
        problems.AddRange((await arena.Fly.CallsAsync(mutatingOnly: true)).Where(c => Neighbours.Names.Contains(c.App)).Select(c => $"{c.Operation} {c.App}"));
        return Claim.Unless(problems, "Nothing that is not ours was touched", $"{Neighbours.Names.Count} neighbours as they were");
    }

    private static async Task<Claim> DestroysPaidForAsync(Arena arena)
    {
        var limit = int.Parse(arena.Environment()["Reconciler__DestroyBudget"]!, CultureInfo.InvariantCulture);
        var drawn = await arena.Database.ListAsync<string>("select subject from fly_reconciler.destroys where at > now() - interval '1 hour'");
        var sent = (await arena.Fly.CallsAsync(mutatingOnly: true))
            .Where(c => c.Operation is "apps.delete" or "machines.delete")
            .Select(c => c.Operation == "apps.delete" ? c.App! : $"{c.App}/{c.Machine}").ToHashSet(StringComparer.Ordinal);
        var problems = sent.Except(drawn).Select(s => $"{s} was destroyed without a draw").ToList();
        if (drawn.Count > limit)
        {
            problems.Add($"{drawn.Count} draws of {limit}");
        }

        return Claim.Unless(problems, "Each destroy was drawn on the budget, and the budget kept", $"{sent.Count} destroyed, {drawn.Count} drawn, {limit} allowed");
    }

    private static async Task<Claim> NoDriftAsync(Arena arena)
    {
        var plan = await arena.RunAsync("plan");
        var holds = plan.ExitCode == 0 && plan.Output.Contains(" 0 blocked, 0 on the way,", StringComparison.Ordinal);
        return new Claim("`reconciler plan` says that there is nothing to do", holds, holds ? plan.Output.Trim() : plan.Summary);
    }
}
