using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.WebConsole.Access;
using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Html;
using Reconciler.WebConsole.Users;

namespace Reconciler.WebConsole.Pages;

/// <summary>One user: how it is and what happens next, desired beside observed, the plan, conditions, health, what happened.</summary>
internal static class UserPage
{
    public static string Title(UserState state) => $"{state.User.AppName}: {state.Kind.Word()} – Reconciler";

    public static void Write(HtmlWriter page, UserState state, bool isLeader, Viewer viewer)
    {
        WriteHead(page, state);
        page.Write($"<div class=\"columns\">\n");
        WriteComparison(page, state);
        WritePlan(page, state);
        page.Write($"</div>\n");
        UserActions.Write(page, state, isLeader, viewer);
        WriteConditions(page, state.Conditions);
        UserHistory.Write(page, state);
        FleetActions.WriteJournal(page, state.Actions);
    }

    private static void WriteHead(HtmlWriter page, UserState state)
    {
        var (user, now) = (state.User, state.Now);
        page.Write($"<section id=\"s-head\" aria-label=\"The user now\" data-title=\"{Title(state)}\">\n<p class=\"crumb\"><a href=\"/\">Fleet</a></p>\n<h1 class=\"h-{state.Kind.Slug()}\"><span class=\"id\">{user.AppName}</span> ");
        Badge.Kind(page, state.Kind);
        page.Write($"</h1>\n");
        if (state.Kind is not CellKind.Ready)
        {
            page.Write($"<p class=\"worst\"><b>{now.Reason}</b> {now.Why}</p>\n");
        }

        page.Write($"<dl class=\"facts\">\n<div><dt>What happens next</dt><dd>");
        if (now.Next.NeedsPerson)
        {
            page.Write($"<b class=\"person\">needs a person</b> ");
        }

        page.Write($"{now.Next.What}");
        if (now.Next.At is { } at)
        {
            page.Write($", {new At(at, Due: true)}");
        }

        page.Write($"</dd></div>\n<div><dt>User</dt><dd class=\"id\">{user.UserId}</dd></div>\n<div><dt>Tier</dt><dd>{user.Tier}</dd></div>\n<div><dt>Status</dt><dd>{user.Status}, {user.HealthStatus ?? "unknown"}</dd></div>\n<div><dt>Machine</dt><dd class=\"id\">{user.MachineId ?? "none"}</dd></div>\n<div><dt>Wish</dt><dd>generation {user.Generation}, seen {user.ObservedGeneration}</dd></div>\n");
        if (user.RetryCount > 0)
        {
            page.Write($"<div><dt>Failed tries</dt><dd>{user.RetryCount}, {user.LastErrorClass ?? ""}</dd></div>\n");
        }

        page.Write($"</dl>\n</section>\n");
    }

    private static void WriteComparison(HtmlWriter page, UserState state)
    {
        page.Write($"""
            <section id="s-compare" aria-labelledby="h-compare">
            <h2 id="h-compare">Desired and observed</h2>
            <table class="compare"><caption>Fields that differ are marked</caption>
            <thead><tr><th scope="col">Field</th><th scope="col">Desired</th><th scope="col">Observed</th></tr></thead><tbody>

            """);
        foreach (var field in state.Fields)
        {
            if (field.Differs)
            {
                page.Write($"<tr class=\"differs\"><th scope=\"row\">{field.Name} <span class=\"mark-differs\">differs</span></th><td>{field.Desired}</td><td><del>{field.Observed}</del></td></tr>\n");
            }
            else
            {
                page.Write($"<tr><th scope=\"row\">{field.Name}</th><td>{field.Desired}</td><td>{field.Observed}</td></tr>\n");
            }
        }

        page.Write($"</tbody></table>\n<p class=\"key\">Fly was asked {new At(state.PlannedAt)}.</p>\n</section>\n");
    }

    private static void WritePlan(HtmlWriter page, UserState state)
    {
        page.Write($"<section id=\"s-plan\" aria-labelledby=\"h-plan\">\n<h2 id=\"h-plan\">The plan now</h2>\n");
        if (state.Plan is not { } plan)
        {
            page.Write($"<p class=\"alarm\"><b>Fly could not be read.</b> {state.Preview.Problem?.Message}</p>\n</section>\n");
            return;
        }

        page.Write($"<p><b>{plan.Reason}</b> {plan.Message}</p>\n");
        WriteSteps(page, plan);
        if (state.Held is { } held)
        {
            page.Write($"<h3>Held back by a guard</h3>\n<p><b>{held.Plan.Reason}</b> {held.Plan.Message}; plan <span class=\"id\">{held.Hash}</span></p>\n");
            WriteSteps(page, held.Plan);
        }

        page.Write($"</section>\n");
    }

    private static void WriteSteps(HtmlWriter page, Plan plan)
    {
        if (plan.Steps.Count == 0)
        {
            page.Write($"<p class=\"key\">{(plan.Verdict == Verdict.Settled ? "No step: desired and observed agree." : "No step now.")}</p>\n");
            return;
        }

        page.Write($"<ol class=\"steps\">");
        foreach (var step in plan.Steps)
        {
            page.Write($"<li>");
            if (step.IsDestructive)
            {
                page.Write($"<b class=\"bad\">destroys</b> ");
            }

            page.Write($"{step.Describe()} <small>{step.Call ?? ""}</small></li>");
        }

        page.Write($"</ol>\n");
    }

    private static void WriteConditions(HtmlWriter page, IReadOnlyList<Condition> conditions)
    {
        page.Write($"""
            <section id="s-conditions" aria-labelledby="h-conditions">
            <h2 id="h-conditions">Conditions</h2>
            <table><caption>As the last reconcile left them</caption>
            <thead><tr><th scope="col">Condition</th><th scope="col">Status</th><th scope="col">Reason</th><th scope="col">Message</th><th scope="col">Since</th></tr></thead><tbody>

            """);
        foreach (var condition in conditions)
        {
            page.Write($"<tr><th scope=\"row\">{condition.Type}</th><td>{condition.Status.ToString()}</td><td>{condition.Reason}</td><td class=\"why\">{condition.Message}</td><td>{new At(condition.LastTransitionTime)}</td></tr>\n");
        }

        page.Write($"</tbody></table>\n</section>\n");
    }
}
