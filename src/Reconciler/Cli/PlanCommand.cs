using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Configuration;
using Reconciler.Hosting;
using Reconciler.Planning;
using Reconciler.Reconciling;
using Spectre.Console;
using Store;

namespace Reconciler.Cli;

/// <summary><c>plan</c>: the loop's own observation and planner, printed instead of applied.</summary>
internal static class PlanCommand
{
    private const int Parallel = 8;

    public static async Task<int> RunAsync(string? only, bool json, CancellationToken cancellationToken)
    {
        await using var context = await CommandContext.OpenAsync(cancellationToken);
        var core = context.Core;
        await core.Policies.RefreshAsync(cancellationToken);
        var users = await UsersAsync(core, only, cancellationToken);
        if (users is null)
        {
            await Out.ErrorAsync($"No user or app is named '{only}'.");
            return ExitCodes.BadConfiguration;
        }

        var plans = new PlannedUser[users.Count];
        await System.Threading.Tasks.Parallel.ForEachAsync(
            Enumerable.Range(0, users.Count),
            new ParallelOptions { MaxDegreeOfParallelism = Parallel, CancellationToken = cancellationToken },
            async (index, ct) => plans[index] = await PlanAsync(core.Snapshots, users[index], core.Settings.Prices, ct));

        var report = new PlanReport(plans, await PlannedRollout.ReadAsync(core, cancellationToken));
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, PlanJson.Default.PlanReport));
        }
        else
        {
            Print(report);
        }

        return report.Unreadable > 0 ? ExitCodes.Unreachable : report.Changes > 0 || report.Rollout is { Next.Count: > 0 } ? ExitCodes.NotConverged : ExitCodes.Fine;
    }

    private static async Task<IReadOnlyList<UserApp>?> UsersAsync(Core core, string? only, CancellationToken cancellationToken)
    {
        var store = core.Ports.Store;
        var rowless = await store.ReadRowlessUsersAsync(cancellationToken);
        if (only is null)
        {
            var users = await store.ReadAllUsersAsync(cancellationToken);
            return [.. users, .. rowless.Select(user => FirstRow(user, core.Defaults))];
        }

        var found = await store.FindUsersAsync([only], cancellationToken);
        if (found.TryGetValue(only, out var id) && await store.ReadUserAsync(id, cancellationToken) is { } known)
        {
            return [known];
        }

        return rowless.FirstOrDefault(user => user.UserId.ToString() == only) is { } missing ? [FirstRow(missing, core.Defaults)] : null;
    }

    /// <summary>The row that the next synchronisation will insert, but for a name that collides with another user's.</summary>
    private static UserApp FirstRow(RowlessUser user, RowDefaults defaults) => new()
    {
        UserId = user.UserId,
        AppName = AppNames.Candidate(defaults.AppNamePrefix, user.UserId, 0),
        OrgSlug = defaults.OrgSlug,
        Tier = user.Tier,
        Status = "provisioning",
        Region = defaults.Region,
        DockerImage = defaults.DockerImage,
        Generation = 1,
    };

    private static async Task<PlannedUser> PlanAsync(SnapshotReader snapshots, UserApp user, PriceTable prices, CancellationToken cancellationToken)
    {
        var preview = await PlanPreview.OfAsync(snapshots, user, cancellationToken);
        if (preview is not { Plan: { } plan })
        {
            var problem = preview.Problem!;
            return new PlannedUser(user.UserId, user.AppName, "Unreadable", problem.Class.ToString(), problem.Message, [], [], PlannedCost.Unknown);
        }

        plan = Lookahead.Whole(preview.Snapshot, plan);
        return new PlannedUser(
            user.UserId,
            user.AppName,
            plan.Verdict.ToString(),
            plan.Reason,
            plan.Message,
            [.. plan.Drifts.Select(d => new PlannedDrift(d.Field, d.Observed, d.Desired))],
            [.. plan.Steps.Select(s => new PlannedStep(s.Kind, s.Describe(), s.Call, s.Reason, s.IsDestructive))],
            PlannedCost.Of(preview.Snapshot, prices));
    }

    private static void Print(PlanReport report)
    {
        foreach (var user in report.Users.Where(u => u.Verdict != nameof(Verdict.Settled)))
        {
            Out.Line($"{Symbol(user)} {user.App} (user {user.UserId}): {user.Reason}: {user.Message}");
            foreach (var drift in user.Drifts)
            {
                Out.Line($"      {drift.Field}: {drift.Observed} -> {drift.Desired}");
            }

            foreach (var step in user.Steps)
            {
                Out.Line($"    {(step.Destructive ? "-" : "+")} {step.Description}{(step.Call is null ? "" : $"   [{step.Call}]")}");
            }
        }

        report.Rollout?.Print();
        AnsiConsole.WriteLine(
            $"Plan: {report.Changes} to change, {report.Blocked} blocked, {report.Waiting} on the way, {report.Settled} as desired, {report.Unreadable} unreadable.");
        AnsiConsole.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"Estimated cost: ${report.MonthlyUsdNow:0.00} a month as it is, ${report.MonthlyUsdThen:0.00} as planned."));
    }

    private static string Symbol(PlannedUser user) => user.Verdict switch
    {
        nameof(Verdict.Act) when user.Steps.Any(s => s.Kind == "create_machine") && user.Steps.Any(s => s.Destructive) => "-/+",
        nameof(Verdict.Act) when user.Steps.Any(s => s.Destructive) => "-",
        nameof(Verdict.Act) when user.Steps.Any(s => s.Kind is "create_app" or "create_machine") => "+",
        nameof(Verdict.Act) => "~",
        nameof(Verdict.Blocked) => "!",
        nameof(Verdict.Wait) => "…",
        _ => "?",
    };
}

/// <param name="Rollout">Null when no change is on its way to the fleet.</param>
internal sealed record PlanReport(IReadOnlyList<PlannedUser> Users, PlannedRollout? Rollout)
{
    public int Changes => Count(nameof(Verdict.Act));
    public int Blocked => Count(nameof(Verdict.Blocked));
    public int Waiting => Count(nameof(Verdict.Wait));
    public int Settled => Count(nameof(Verdict.Settled));
    public int Unreadable => Count("Unreadable");

    /// <summary>An estimate in US dollars, of the machines that run now.</summary>
    public decimal MonthlyUsdNow => Users.Sum(u => u.Cost.MonthlyUsdNow);

    /// <summary>The same, once everything is as desired.</summary>
    public decimal MonthlyUsdThen => Users.Sum(u => u.Cost.MonthlyUsdThen);

    private int Count(string verdict) => Users.Count(u => u.Verdict == verdict);
}

internal sealed record PlannedUser(
    Guid UserId,
    string App,
    string Verdict,
    string Reason,
    string Message,
    IReadOnlyList<PlannedDrift> Drifts,
    IReadOnlyList<PlannedStep> Steps,
    PlannedCost Cost);

internal sealed record PlannedDrift(string Field, string? Observed, string? Desired);

internal sealed record PlannedStep(string Kind, string Description, string? Call, string Reason, bool Destructive);

[JsonSerializable(typeof(PlanReport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class PlanJson : JsonSerializerContext;
