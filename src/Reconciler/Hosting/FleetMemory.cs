using System.Collections.Concurrent;
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
    private const int KeyBytes = 32;

    private readonly ConcurrentDictionary<string, string> _unwritten = new(StringComparer.Ordinal);

    Task<string?> ILastGoodImageStore.LoadAsync(CancellationToken cancellationToken) => store.ReadFleetStateAsync(ImageKey, cancellationToken);

    Task ILastGoodImageStore.SaveAsync(string json, CancellationToken cancellationToken) => SaveAsync(ImageKey, json, cancellationToken);

    async Task<string?> IVerifiedKeyStore.LoadAsync(CancellationToken cancellationToken) =>
        await store.ReadFleetStateAsync(VerifiedKey, cancellationToken) is { } json
            ? Text(json) // an edited one is none: the key is then verified anew
            : null;

    Task IVerifiedKeyStore.SaveAsync(string? digest, CancellationToken cancellationToken) =>
        SaveAsync(VerifiedKey, JsonSerializer.Serialize(digest ?? "", FleetMemoryJson.Default.String), cancellationToken);

    /// <summary>
    /// 32 random bytes, made once per fleet: with them a digest of a secret in the database tells nothing about the secret
    /// to somebody who guesses values, and every process computes the same one.
    /// </summary>
    public static async Task<byte[]> DigestKeyAsync(IStore store, CancellationToken cancellationToken)
    {
        var fresh = JsonSerializer.Serialize(Convert.ToBase64String(RandomNumberGenerator.GetBytes(KeyBytes)), FleetMemoryJson.Default.String);
        var stored = await store.GetOrCreateFleetStateAsync(DigestKey, fresh, cancellationToken);
        var key = new byte[KeyBytes];
        return Text(stored) is { Length: < 100 } text && Convert.TryFromBase64String(text, key, out var length) && length == KeyBytes
            ? key
            : throw new StoreSchemaException(
                $"the digest key (fly_reconciler.fleet, key {DigestKey}) is not {KeyBytes} bytes in base64: restore it, or delete the row, "
                + "and every machine gets its secrets once more");
    }

    /// <summary>Writes what is to be remembered and was learnt while we did not lead: only the leader writes, and image and key
    /// are looked at before a process can know whether it leads.</summary>
    public async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (leadership() is not { CanAct: true } leader)
        {
            return;
        }

        try
        {
            foreach (var unwritten in _unwritten.OrderBy(u => u.Key, StringComparer.Ordinal))
            {
                await store.WriteFleetStateAsync(leader.Token, unwritten.Key, unwritten.Value, cancellationToken);
                _unwritten.TryRemove(unwritten);
            }
        }
        catch (StaleEpochException)
        {
            // Somebody else leads by now and learns the same; it is written should this process lead again.
        }
    }

    /// <summary>Null when the document is no text.</summary>
    private static string? Text(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, FleetMemoryJson.Default.String);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private Task SaveAsync(string key, string json, CancellationToken cancellationToken)
    {
        _unwritten[key] = json;
        return WriteAsync(cancellationToken);
    }
}

[JsonSerializable(typeof(string))]
internal sealed partial class FleetMemoryJson : JsonSerializerContext;
