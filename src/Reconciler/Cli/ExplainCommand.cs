using System.Text.Json;
using Reconciler.Explaining;
using Reconciler.Reconciling;
using Spectre.Console;
using Store;

namespace Reconciler.Cli;

/// <summary><c>explain</c>: why one user is in its state, what happens next and when, and which setting or guard decides.</summary>
internal static class ExplainCommand
{
    private const int Events = 8;

    public static async Task<int> RunAsync(string key, bool json, CancellationToken cancellationToken)
    {
        await using var context = await CommandContext.OpenAsync(cancellationToken);
        var store = context.Core.Ports.Store;
        var found = await store.FindUsersAsync([key], cancellationToken);
        if (!found.TryGetValue(key, out var id) || await store.ReadUserAsync(id, cancellationToken) is not { } user)
        {
            await Out.ErrorAsync($"No user or app is named '{key}'. A user who never had a paid tier has nothing to explain; `reconciler status` lists the others.");
            return ExitCodes.BadConfiguration;
        }

        await context.Core.Policies.RefreshAsync(cancellationToken);
        var explanation = await ExplainAsync(context, user, cancellationToken);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(explanation, ExplanationJson.Default.Explanation));
        }
        else
        {
            Print(explanation);
        }

        return explanation.Settled ? ExitCodes.Fine : ExitCodes.NotConverged;
    }

    private static async Task<Explanation> ExplainAsync(CommandContext context, UserApp user, CancellationToken cancellationToken)
    {
        var lease = await context.Stores.Leases.ReadAsync(context.Settings.Lease.Name, cancellationToken);
        var fleet = new FleetStanding(
            lease is { Expired: false } ? lease.Holder : null, !context.Settings.Acts(user.UserId, user.Tier), context.Settings);
        var preview = await PlanPreview.OfAsync(context.Core.Snapshots, user, cancellationToken);
        var held = preview.Plan is null ? null : HeldPlan.Behind(preview.Snapshot);
        var events = await context.Stores.Console.ReadEventsAsync(user.UserId, "", Events, cancellationToken);
        return Explainer.Explain(preview, held, fleet, events);
    }

    private static void Print(Explanation told)
    {
        var since = told.Since is { } at ? $" since {Explanation.At(at)}" : "";
        Out.Line($"{told.App} (user {told.UserId}), tier {told.Tier}: {told.Status}, {told.Reason}{since}");
        AnsiConsole.WriteLine();
        var table = new Table().NoBorder().HideHeaders().AddColumns(new TableColumn("").NoWrap(), new TableColumn(""));
        Row("Why", [told.Why, told.Means]);
        Row("Next", told.Next);
        Row("You", told.NeedsPerson ? [told.Help, "Waiting alone will not help"] : [told.Help]);
        Row("Decides", [.. told.Decides.Select(d => $"{d.What}: {d.Stands}")]);
        Row("Differs", told.Differences);
        Row("Steps", told.Steps);
        Row("Events", told.Events);
        Row("More", [told.Runbook]);
        AnsiConsole.Write(table);

        void Row(string title, IReadOnlyList<string> lines)
        {
            if (lines.Count > 0)
            {
                table.AddRow(Out.CellOf(title), new Spectre.Console.Text(string.Join('\n', lines.Where(l => l.Length > 0).Select(Out.Clean))));
            }
        }
    }
}
