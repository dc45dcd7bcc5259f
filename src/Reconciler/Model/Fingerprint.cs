
namespace Reconciler.Model;

/// <summary>
/// 64 bits over what a converged reconcile saw of a machine in the organisation's list, joined with the wish it met.
/// The no-drift pass compares this one number per user. FNV-1a: not secret, stable across processes, no allocation.
/// </summary>
public static class Fingerprint
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    public const string StoppedWish = "stopped";

    /// <summary>
    /// The wish for a running machine: its spec, and whether the fleet's image and service key are in trouble. Trouble changes no
    /// machine, but every user's conditions have to tell of it, and of its end.
    /// </summary>
    public static string RunningWish(string specHash, FleetPolicy policy) => (policy.Image.Resolved, policy.Secrets.Usable) switch
    {
        (true, true) => specHash,
        (false, true) => specHash + "!image",
        (true, false) => specHash + "!key",
        (false, false) => specHash + "!image!key",
    };

    /// <param name="wish">What was wished: <see cref="RunningWish"/>, or <see cref="StoppedWish"/>.</param>
    public static long Of(string wish, string machineId, string? instanceId, string state, string? region)
    {
        var hash = Add(Add(Add(Add(Add(Offset, wish), machineId), instanceId), state), region);
        return hash == 0 ? 1 : unchecked((long)hash); // 0 means "not converged"
    }

    private static ulong Add(ulong hash, string? text)
    {
        foreach (var c in text ?? "")
        {
            hash = unchecked((hash ^ c) * Prime);
        }

        return unchecked((hash ^ 0xFFFF) * Prime); // a separator no UTF-16 text holds
    }
}
