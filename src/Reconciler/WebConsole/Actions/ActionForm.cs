using System.Diagnostics.CodeAnalysis;
using Reconciler.Texts;

namespace Reconciler.WebConsole.Actions;

/// <summary>What an operator filled in.</summary>
/// <param name="User">Null = everybody, where that is possible.</param>
/// <param name="Owner">Who: the name given at the sign-in.</param>
/// <param name="Reason">Why; never empty.</param>
/// <param name="PauseFor">Null = without an end.</param>
/// <param name="PlanHash">What the operator saw; empty when the action is no approval.</param>
internal sealed record ActionForm(Guid? User, string Owner, string Reason, TimeSpan? PauseFor, string PlanHash)
{
    public const int MaxReason = 300;
    public const int MaxOwner = 80;

    /// <summary>Pure: from the fields to the form, or to what is wrong with them.</summary>
    public static bool TryRead(IFormCollection fields, string owner, [NotNullWhen(true)] out ActionForm? form, [NotNullWhen(false)] out string? problem)
    {
        form = null;
        problem = null;
        var user = fields["user"].ToString();
        var reason = fields["reason"].ToString().Trim();
        Guid? id = null;
        if (user.Length > 0)
        {
            if (!Guid.TryParse(user, out var parsed))
            {
                problem = "The user's id cannot be read.";
                return false;
            }

            id = parsed;
        }

        if (reason.Length is 0 or > MaxReason)
        {
            problem = $"A reason of 1 to {MaxReason} characters is needed: it is what the next operator reads.";
            return false;
        }

        if (!TryReadLength(fields["for"].ToString(), out var length))
        {
            problem = "The pause's length is one of those offered.";
            return false;
        }

        form = new ActionForm(id, owner, UntrustedText.Clean(reason, MaxReason), length, fields["plan"].ToString());
        return true;
    }

    /// <summary>The lengths that the page offers: minutes, or nothing for a pause without an end.</summary>
    private static bool TryReadLength(string text, out TimeSpan? length)
    {
        length = text switch
        {
            "60" => TimeSpan.FromHours(1),
            "480" => TimeSpan.FromHours(8),
            "1440" => TimeSpan.FromDays(1),
            "10080" => TimeSpan.FromDays(7),
            _ => null,
        };
        return length is not null || text is "" or "open";
    }
}
