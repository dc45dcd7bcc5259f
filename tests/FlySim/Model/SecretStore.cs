using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace FlySim.Model;

internal sealed record StoredSecret(string Name, string Value, string Digest, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt);

internal sealed record SecretSnapshot(long Version, DateTimeOffset At, ImmutableSortedDictionary<string, StoredSecret> Secrets);

/// <summary>An app's secrets with their history, because a launch can read an older snapshot. Values leave it only into a boot.</summary>
internal sealed class SecretStore(string salt)
{
    private const int KeptSnapshots = 64;

    private readonly List<SecretSnapshot> _snapshots =
        [new(0, DateTimeOffset.MinValue, ImmutableSortedDictionary.Create<string, StoredSecret>(StringComparer.Ordinal))];

    public SecretSnapshot Latest => _snapshots[^1];

    /// <summary>What a reader sees whose view is as old as <paramref name="moment"/>.</summary>
    public SecretSnapshot AsOf(DateTimeOffset moment) => _snapshots.FindLast(s => s.At <= moment) ?? _snapshots[0];

    public SecretSnapshot Version(long version) => _snapshots.FindLast(s => s.Version <= version) ?? _snapshots[0];

    /// <summary>Merges: names not mentioned stay, null removes. Each call is a new version, a change or not.</summary>
    public SecretSnapshot Merge(IEnumerable<KeyValuePair<string, string?>> values, DateTimeOffset now)
    {
        var secrets = Latest.Secrets.ToBuilder();
        foreach (var (name, value) in values)
        {
            if (value is null)
            {
                secrets.Remove(name);
            }
            else
            {
                var created = secrets.TryGetValue(name, out var old) ? old.CreatedAt : now;
                secrets[name] = new StoredSecret(name, value, Digest(name, value), created, now);
            }
        }

        _snapshots.Add(new SecretSnapshot(Latest.Version + 1, now, secrets.ToImmutable()));
        if (_snapshots.Count > KeptSnapshots)
        {
            _snapshots.RemoveAt(0);
        }

        return Latest;
    }

    // Salted per app: clients must not be able to recompute it, as nobody knows the platform's algorithm.
    private string Digest(string name, string value) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{salt}\0{name}\0{value}")))[..32];
}
