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
        var claims = machines.Select(OwnedMetadata.ClaimedUser).OfType<string>().ToList();
        if (claims.Exists(claim => !IsUser(claim, user.UserId)))
        {
            return false;
        }

        return claims.Count > 0
            || user.DeployedAt is not null
            || user.Intents.Any(i => i.Kind == "app" && i.AppName == user.AppName);
    }

    private static bool IsUser(string claim, Guid userId) => Guid.TryParse(claim, out var claimed) && claimed == userId;
}
