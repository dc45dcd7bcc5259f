using Microsoft.Extensions.Logging;
using Reconciler.Model;

namespace Reconciler.Secrets;

/// <summary>The app secrets of every user machine, from configuration.</summary>
/// <param name="digestKey">32 random bytes that the fleet keeps: with another key, every machine would look as if its secrets had changed.</param>
public sealed partial class SecretSource(
    MachineSecrets secrets, ServiceKeyVerifier verifier, byte[] digestKey, ILogger<SecretSource> logger) : ISecretSource
{
    private readonly Dictionary<string, SortedDictionary<string, string>> _sets = KnownSets.Of(SharedValues(secrets), secrets.Previous, digestKey);
    private SecretsStatus _status = InitialStatus(secrets, digestKey);
    private string? _warning;

    public SecretsStatus Status => Volatile.Read(ref _status);

    /// <summary>What will soon stop the service key from working; null = nothing known.</summary>
    public string? Warning => Volatile.Read(ref _warning);

    public bool Knows(string digest) => _sets.ContainsKey(digest);

    public IReadOnlyDictionary<string, string>? ValuesFor(Guid userId, string digest) => _sets.TryGetValue(digest, out var values)
        ? new SortedDictionary<string, string>(values, StringComparer.Ordinal) { [SecretNames.UserId] = userId.ToString() }
        : null;

    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var verdict = await verifier.VerifyAsync(cancellationToken);
        if (verdict.Warning is { } warning && warning != _warning)
        {
            KeyWarning(warning);
        }

        Volatile.Write(ref _warning, verdict.Warning);
        if (verdict.Problem == _status.Problem)
        {
            return false;
        }

        if (verdict.Problem is { } problem)
        {
            KeyBlocked(problem);
        }

        Volatile.Write(ref _status, _status with { Problem = verdict.Problem });
        return true;
    }

    private static SecretsStatus InitialStatus(MachineSecrets secrets, byte[] digestKey)
    {
        var values = SharedValues(secrets);
        var digest = KnownSets.DigestOf(values, digestKey);
        var names = values.Keys.Append(SecretNames.UserId).Order(StringComparer.Ordinal).ToArray();
        return new SecretsStatus(digest, names, $"{SecretNames.SupabaseServiceRoleKey} has not been verified yet");
    }

    private static SortedDictionary<string, string> SharedValues(MachineSecrets secrets)
    {
        var values = new SortedDictionary<string, string>(StringComparer.Ordinal)
        {
            [SecretNames.RunMode] = "user_dedicated",
            [SecretNames.SupabaseUrl] = secrets.SupabaseUrl,
            [SecretNames.SupabaseServiceKey] = secrets.ServiceRoleKey.Reveal(),
            [SecretNames.SupabaseServiceRoleKey] = secrets.ServiceRoleKey.Reveal(),
        };
        AddIfGiven(SecretNames.GeminiApiKey, secrets.GeminiApiKey);
        AddIfGiven(SecretNames.BraintrustApiKey, secrets.BraintrustApiKey);
        AddIfGiven(SecretNames.BraintrustProjectId, secrets.BraintrustProjectId);
        AddIfGiven(SecretNames.OpenRouterApiKey, secrets.OpenRouterApiKey);
        return values;

        void AddIfGiven(string name, SecretText? value)
        {
            if (value is not null)
            {
                values[name] = value.Reveal();
            }
        }
    }

    [LoggerMessage(522, LogLevel.Warning, "{Warning}")]
    private partial void KeyWarning(string warning);

    [LoggerMessage(523, LogLevel.Error, "Secrets are not rolled out: {Problem}")]
    private partial void KeyBlocked(string problem);
}
