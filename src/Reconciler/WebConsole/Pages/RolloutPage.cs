using Reconciler.Rollouts;
using Reconciler.WebConsole.Access;
using Reconciler.WebConsole.Html;
using Store;

namespace Reconciler.WebConsole.Pages;

/// <summary>Where the rollout stands, what an operator can say to it, and what happened.</summary>
internal static class RolloutPage
{
    private static readonly (string Kind, string Title, string Meaning)[] Orders =
    [
        ("pause", "Pause", "Nobody is moved forward until it is resumed. A revert goes on."),
        ("resume", "Resume", "A paused rollout goes on."),
        ("promote", "Promote", "Canary, waves, soaks and windows are waived. How many are down at once stays bounded."),
        ("abort", "Abort", "Whoever was moved goes back, and the revision is not tried again."),
        ("retry", "Retry", "A revision that was found bad is tried once more; or a revert that failed."),
    ];

    public static void Write(HtmlWriter page, ShownRollout rollout, IReadOnlyList<RolloutEntry> history, Viewer viewer)
    {
        WriteStanding(page, rollout);
        WriteFacts(page, rollout);
        WriteUsers(page, rollout);
        if (viewer.Session is not null)
        {
            WriteForms(page, viewer);
        }

        WriteHistory(page, history);
    }

    private static void WriteStanding(HtmlWriter page, ShownRollout rollout)
    {
        page.Write($"<h1>Rollout: {rollout.Phase}</h1>\n");
        if (rollout.Wave is { } wave)
        {
            page.Write($"<p>");
            WriteWave(page, wave);
            page.Write($"{(rollout.Promoted ? ", promoted" : "")}.</p>\n");
        }

        if (rollout.Why is { } why)
        {
            page.Write($"<p>{why}</p>\n");
        }

        if (rollout.SoakUntil is { } soaks)
        {
            page.Write($"<p>The soak ends {new At(soaks, Due: true)}.</p>\n");
        }

        if (rollout.Pause is { } pause)
        {
            WritePause(page, pause);
        }
    }

    private static void WriteWave(HtmlWriter page, int wave)
    {
        if (wave > 0)
        {
            page.Write($"Wave {wave}");
        }
        else
        {
            page.Write($"{(wave == 0 ? "The canary" : "Before the canary")}");
        }
    }

    /// <summary>A revert goes on under a pause and says its own why, so that the pause has to say whose it is.</summary>
    private static void WritePause(HtmlWriter page, ShownPause pause)
    {
        page.Write($"<p>The pause by {pause.Owner} ({pause.Reason}) ");
        if (pause.Until is { } until)
        {
            page.Write($"ends {new At(until, Due: true)}.</p>\n");
        }
        else
        {
            page.Write($"lasts until somebody resumes.</p>\n");
        }
    }

    private static void WriteFacts(HtmlWriter page, ShownRollout rollout)
    {
        page.Write($"<section aria-labelledby=\"h-revisions\">\n<h2 id=\"h-revisions\">Revisions</h2>\n<table><caption>What users run, and what they are to run</caption>\n");
        page.Write($"<thead><tr><th scope=\"col\">Revision</th><th scope=\"col\">Is</th><th scope=\"col\">Image</th><th scope=\"col\">Users that run it</th><th scope=\"col\">Verdict</th></tr></thead><tbody>\n");
        foreach (var (name, revision) in new[] { ("stable", rollout.Stable), ("candidate", rollout.Candidate) })
        {
            if (revision is not null)
            {
                page.Write($"<tr><th scope=\"row\"><span class=\"id\">{revision.Id}</span></th><td>{name}</td><td>{revision.Image}</td><td>{rollout.Running.GetValueOrDefault(revision.Id)}</td><td>{revision.Verdict} {revision.Evidence}</td></tr>\n");
            }
        }

        page.Write($"</tbody></table>\n</section>\n");
    }

    private static void WriteUsers(HtmlWriter page, ShownRollout rollout)
    {
        var users = rollout.Users.Where(u => u.Verdict != "good").Take(100).ToList();
        if (users.Count == 0)
        {
            return;
        }

        page.Write($"<section aria-labelledby=\"h-moved\">\n<h2 id=\"h-moved\">Moved and not good yet</h2>\n<table><caption>At most 100 users</caption>\n");
        page.Write($"<thead><tr><th scope=\"col\">User</th><th scope=\"col\">To</th><th scope=\"col\">Wave</th><th scope=\"col\">Verdict</th><th scope=\"col\">Why</th></tr></thead><tbody>\n");
        foreach (var user in users)
        {
            page.Write($"<tr><th scope=\"row\"><a class=\"id\" href=\"/users/{user.UserId}\">{user.App}</a></th><td><span class=\"id\">{user.Revision}</span></td><td>{user.Wave}</td><td>{user.Verdict}</td><td>{user.Why}</td></tr>\n");
        }

        page.Write($"</tbody></table>\n</section>\n");
    }

    private static void WriteForms(HtmlWriter page, Viewer viewer)
    {
        page.Write($"<section aria-labelledby=\"h-actions\">\n<h2 id=\"h-actions\">Act</h2>\n<div class=\"forms\">\n");
        foreach (var (kind, title, meaning) in Orders)
        {
            Forms.Begin(page, "/actions/rollout-" + kind, viewer, null);
            page.Write($"<h3>{title}</h3><p>{meaning}</p>");
            Forms.Reason(page, "rollout-" + kind);
            page.Write($"<button>{title}</button></form>\n");
        }

        page.Write($"</div>\n</section>\n");
    }

    private static void WriteHistory(HtmlWriter page, IReadOnlyList<RolloutEntry> history)
    {
        page.Write($"<section aria-labelledby=\"h-history\">\n<h2 id=\"h-history\">What happened</h2>\n<table><caption>Newest first (UTC)</caption>\n");
        page.Write($"<thead><tr><th scope=\"col\">When</th><th scope=\"col\">What</th><th scope=\"col\">Revision</th><th scope=\"col\">Who</th><th scope=\"col\">Why</th></tr></thead><tbody>\n");
        foreach (var entry in history)
        {
            page.Write($"<tr><td>{new At(entry.At, exact: true)}</td><th scope=\"row\">{entry.Action}</th><td><span class=\"id\">{entry.Revision}</span></td><td>{entry.Owner}</td><td>{entry.Message}</td></tr>\n");
        }

        page.Write($"</tbody></table>\n</section>\n");
    }
}
