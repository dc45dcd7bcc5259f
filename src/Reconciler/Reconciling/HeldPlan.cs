using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Reconciling;

/// <summary>
/// What a guard holds back: the plan as the same planner makes it when the budget and the tripwire are lifted, for an operator to
/// see and approve. Every other rule, ownership first, decides as always. Pure.
/// </summary>
/// <param name="Plan">What would be done.</param>
/// <param name="Hash">16 hex digits over the user, the wish and every step: another plan has another one.</param>
/// <param name="Snapshot">The input of <paramref name="Plan"/>.</param>
internal sealed record HeldPlan(Plan Plan, string Hash, Snapshot Snapshot)
{
    /// <summary>Null when no guard holds anything back for this user.</summary>
    public static HeldPlan? Behind(Snapshot snapshot)
    {
        var guards = snapshot.Guards;
        if (guards.Approved || (guards.Hold is null && guards.DestroysLeft > snapshot.Observed.Machines.Count))
        {
            return null;
        }

        var lifted = snapshot with { Guards = guards with { DestroysLeft = int.MaxValue, Hold = null, Approved = true } };
        var plan = Planner.Plan(lifted);
        return plan.Steps.Count > 0 && Spell(plan) != Spell(Planner.Plan(snapshot)) ? new HeldPlan(plan, HashOf(snapshot, plan), lifted) : null;
    }

    private static string HashOf(Snapshot snapshot, Plan plan)
    {
        var text = string.Create(
            CultureInfo.InvariantCulture, $"{snapshot.User.UserId}\n{snapshot.User.AppName}\n{snapshot.User.Generation}\n{plan.Reason}\n{Spell(plan)}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }

    private static string Spell(Plan plan) => string.Join('\n', plan.Steps.Select(s => $"{s.Kind}\t{s.Call}\t{s.Describe()}\t{s.Reason}"));
}
