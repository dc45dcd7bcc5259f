using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Images;
using Reconciler.Leading;
using Reconciler.Secrets;
using Store;

namespace Reconciler.Hosting;

/// <summary>What the fleet remembers in the database: the last good image, the verified key's digest, the key of our digests.</summary>
internal sealed class FleetMemory(IStore store, Func<Leadership?> leadership) : ILastGoodImageStore, IVerifiedKeyStore
{
    private const string ImageKey = "last-good-image";
    private const string VerifiedKey = "verified-service-key";
    private const string DigestKey = "digest-key";

    Task<string?> ILastGoodImageStore.LoadAsync(CancellationToken cancellationToken) => store.ReadFleetStateAsync(ImageKey, cancellationToken);

    Task<bool> ILastGoodImageStore.SaveAsync(string json, CancellationToken cancellationToken) => SaveAsync(ImageKey, json, cancellationToken);

    async Task<string?> IVerifiedKeyStore.LoadAsync(CancellationToken cancellationToken) =>
        await store.ReadFleetStateAsync(VerifiedKey, cancellationToken) is { } json
            ? JsonSerializer.Deserialize(json, FleetMemoryJson.Default.String)
            : null;

    Task<bool> IVerifiedKeyStore.SaveAsync(string? digest, CancellationToken cancellationToken) =>
        SaveAsync(VerifiedKey, JsonSerializer.Serialize(digest ?? "", FleetMemoryJson.Default.String), cancellationToken);

    /// <summary>
    /// 32 random bytes, made once per fleet: with them a digest of a secret in the database tells nothing about the secret
    /// to somebody who guesses values, and every process computes the same one.
    /// </summary>
    public static async Task<byte[]> DigestKeyAsync(IStore store, CancellationToken cancellationToken)
    {
        var fresh = JsonSerializer.Serialize(Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)), FleetMemoryJson.Default.String);
        var stored = await store.GetOrCreateFleetStateAsync(DigestKey, fresh, cancellationToken);
        return Convert.FromBase64String(JsonSerializer.Deserialize(stored, FleetMemoryJson.Default.String)!);
    }

    /// <summary>Only the leader writes; a standby knows the same from its own look and needs no memory of it.</summary>
    private async Task<bool> SaveAsync(string key, string json, CancellationToken cancellationToken)
    {
        if (leadership() is not { CanAct: true } leader)
        {
            return false;
        }

        await store.WriteFleetStateAsync(leader.Token, key, json, cancellationToken);
        return true;
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class FleetMemoryJson : JsonSerializerContext;
