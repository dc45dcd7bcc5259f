using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    internal SecretSnapshot SetSecrets(SimApp app, IEnumerable<KeyValuePair<string, string?>> values) => app.Secrets.Merge(values, Now);

    /// <summary>What the app's secrets look like to a reader: the newest when it asks for a version, else perhaps older.</summary>
    internal SecretSnapshot ReadSecrets(SimApp app, long? minVersion, int staleMs = 0) =>
        minVersion is null ? app.Secrets.AsOf(Now - Ms(Math.Max(Settings.SecretsLagMs, staleMs))) : AtLeast(app, minVersion.Value);

    /// <summary>
    /// The version a boot asked for now will use. Without a minimum that is an older one while the change is on its way;
    /// with a minimum it is the newest, and a version that does not exist yet is refused.
    /// </summary>
    private long SecretsVersionForBoot(SimApp app, long? minVersion) => ReadSecrets(app, minVersion).Version;

    private static SecretSnapshot AtLeast(SimApp app, long minVersion) =>
        app.Secrets.Latest.Version >= minVersion
            ? app.Secrets.Latest
            : throw new RefusedException(412, $"failed_precondition: secrets version {minVersion} is not yet available");
}
