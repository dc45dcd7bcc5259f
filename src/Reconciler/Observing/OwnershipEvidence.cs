using FlyApi.Contracts;
using Reconciler.Planning;
using Store;

namespace Reconciler.Observing;

/// <summary>
/// Whether an unrecorded app of our organisation is this user's. A look-alike name is not evidence: it takes an intent of
/// ours, a machine that names the user, or a row that says it was deployed before we kept records.
/// </summary>
internal static class OwnershipEvidence
{
    public static bool Of(UserApp user, IReadOnlyList<Machine> machines)
    {
        if (Denies(user.UserId, machines))
        {
            return false;
        }

        return Claims(machines).Any()
            || user.DeployedAt is not null
            || user.OwnIntents.Any(i => i.Kind == "app");
    }

    /// <summary>A machine says that it is another user's.</summary>
    public static bool Denies(Guid userId, IReadOnlyList<Machine> machines) => Claims(machines).Any(claim => !IsUser(claim, userId));

    private static IEnumerable<string> Claims(IReadOnlyList<Machine> machines) => machines.Select(OwnedMetadata.ClaimedUser).OfType<string>();

    private static bool IsUser(string claim, Guid userId) => Guid.TryParse(claim, out var claimed) && claimed == userId;
}
