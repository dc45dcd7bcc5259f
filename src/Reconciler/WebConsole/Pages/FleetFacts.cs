using Reconciler.WebConsole.Fleet;
using Reconciler.WebConsole.Html;

namespace Reconciler.WebConsole.Pages;

/// <summary>The facts of the whole fleet: who leads, what the guards say, how fresh the view of Fly is.</summary>
internal static class FleetFacts
{
    public static void Write(HtmlWriter page, FleetState state, FleetSummary summary)
    {
        page.Write($"<dl class=\"facts\">\n<div><dt>Leader</dt><dd>");
        WriteLeader(page, state);
        page.Write($"</dd></div>\n<div><dt>Tripwire</dt><dd>");
        if (state.Hold is null)
        {
            page.Write($"at rest");
        }
        else
        {
            page.Write($"<b class=\"bad\">holds</b> since ");
            Badge.Time(page, state.HeldSince);
        }

        var spent = state.Destroyed >= state.DestroyLimit;
        page.Write($"</dd></div>\n<div><dt>Destroyed this hour</dt><dd>");
        if (spent)
        {
            page.Write($"<b class=\"bad\">{state.Destroyed} of {state.DestroyLimit}, spent</b>");
        }
        else
        {
            page.Write($"{state.Destroyed} of {state.DestroyLimit}");
        }

        page.Write($"</dd></div>\n<div><dt>Fly was read</dt><dd>");
        WriteSnapshot(page, state);
        page.Write($"</dd></div>\n<div><dt>Estimated cost</dt><dd>${summary.MonthlyCostUsd:#,0.00} a month</dd></div>\n");
        if (state.ObserveOnly)
        {
            page.Write($"<div><dt>Mode</dt><dd><b>Observe</b>: nothing is changed</dd></div>\n");
        }

        page.Write($"</dl>\n");
        if (!state.IsLeader)
        {
            page.Write($"<p class=\"key\">This process does not lead: what stands here is what the database says, and Fly as this process sees it.</p>\n");
        }
    }

    private static void WriteLeader(HtmlWriter page, FleetState state)
    {
        if (!state.IsLed)
        {
            page.Write($"<b class=\"bad\">nobody</b>");
        }
        else if (state.IsLeader)
        {
            page.Write($"this process, epoch {state.Lease!.Epoch}");
        }
        else
        {
            page.Write($"<span class=\"id\">{state.Lease!.Holder}</span>, epoch {state.Lease.Epoch}");
        }
    }

    private static void WriteSnapshot(HtmlWriter page, FleetState state)
    {
        Badge.Time(page, state.SnapshotAt);
        if (state.SnapshotProblem is { } problem)
        {
            page.Write($" <b class=\"bad\">{problem}</b>");
        }

        if (state.ErrorRegions.Count > 0)
        {
            page.Write($" <b class=\"bad\">without {string.Join(", ", state.ErrorRegions)}</b>");
        }
    }
}
