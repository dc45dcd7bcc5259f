using System.Text.Json;
using FlyApi.Calls;
using FlyApi.Contracts;
using FlyApi.Wire;

namespace FlyApi;

internal sealed partial class FlyApiClient
{
    public Task<IReadOnlyList<AppSecret>> ListSecretsAsync(string appName, CancellationToken cancellationToken) => GetAsync(
        FlyOperations.SecretList, $"{FlyPath.App(appName)}/secrets", appName, FlyJsonContext.Default.WireSecrets, MapSecrets, cancellationToken);

    public Task<SecretsUpdate> SetSecretsAsync(
        string appName, IReadOnlyDictionary<string, string?> values, CancellationToken cancellationToken) => transport.SendAsync(
        new FlyCall
        {
            Operation = FlyOperations.SecretSet,
            Method = HttpMethod.Post,
            Path = $"{FlyPath.App(appName)}/secrets",
            Repeatable = true,
            LimitedBy = appName,
            Body = WireJson.Write(new WireSetSecrets(values), FlyJsonContext.Default.WireSetSecrets),
            Secrets = [.. values.Values.OfType<string>()],
        },
        static answer =>
        {
            var wire = WireJson.Read(answer.Body, FlyJsonContext.Default.WireSecrets);

            // Without it nothing could make a machine wait for these secrets.
            var version = wire.Version ?? wire.DeprecatedVersion ?? throw new JsonException("no 'version'");
            return new SecretsUpdate(version, MapSecrets(wire));
        },
        cancellationToken);

    /// <summary>Fly leaves the list out when it is empty.</summary>
    private static IReadOnlyList<AppSecret> MapSecrets(WireSecrets wire) => Rows.Require(
        wire.Secrets ?? [], "secrets", static secret => new AppSecret(Rows.Text(secret.Name, "name"), secret.Digest, secret.UpdatedAt));
}
