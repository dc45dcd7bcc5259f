using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    internal const string TokenOwner = "sim-token-id@tokens.fly.io";
    private const int DefaultLeaseSeconds = 30;

    internal SimLease? ActiveLease(SimMachine machine) =>
        machine.Lease is { } lease && lease.ExpiresAt > Now ? lease : null;

    /// <summary>Takes the lease, or extends it when <paramref name="nonce"/> is the holder's.</summary>
    internal SimLease TakeLease(SimMachine machine, long? ttlSeconds, string? description, string? nonce, string owner = TokenOwner)
    {
        if (ActiveLease(machine) is { } held)
        {
            if (held.Nonce != nonce)
            {
                throw LeaseHeld(held);
            }

            machine.Lease = held with { ExpiresAt = Expiry(ttlSeconds) };
        }
        else
        {
            machine.Lease = new SimLease(_ids.Nonce(), owner, description, Expiry(ttlSeconds), machine.Current.InstanceId);
        }

        return machine.Lease;
    }

    internal void ReleaseLease(SimMachine machine, string? nonce)
    {
        if (ActiveLease(machine) is not { } held)
        {
            throw new RefusedException(404, "lease not found", body: LeaseError("not_found", "lease not found"));
        }

        if (held.Nonce != nonce)
        {
            throw new RefusedException(400, "invalid nonce", body: LeaseError("invalid_argument", "lease nonce is missing or wrong"));
        }

        machine.Lease = null;
    }

    /// <summary>Refuses a change to a machine whose lease somebody else holds, we without our nonce included.</summary>
    internal void RequireLease(SimMachine machine, string? nonce)
    {
        if (ActiveLease(machine) is { } held && held.Nonce != nonce)
        {
            throw LeaseHeld(held);
        }
    }

    /// <summary>The other shape of errors, which only leases have.</summary>
    internal static System.Text.Json.Nodes.JsonObject LeaseError(string code, string message) =>
        new() { ["status"] = "error", ["message"] = message, ["code"] = code };

    private DateTimeOffset Expiry(long? ttlSeconds) => Now + TimeSpan.FromSeconds(ttlSeconds is > 0 ? ttlSeconds.Value : DefaultLeaseSeconds);

    private static RefusedException LeaseHeld(SimLease lease) =>
        new(409, $"aborted: lease currently held by {lease.Owner}, expires at {Timestamps.Seconds(lease.ExpiresAt)}");
}
