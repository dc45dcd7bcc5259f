using Microsoft.Extensions.Configuration;
using Reconciler.Secrets;

namespace Reconciler.Configuration;

/// <summary>Reads and checks the whole configuration, whatever its source (environment, appsettings.json, command line).</summary>
public static class SettingsLoader
{
    private const string Root = "Reconciler";

    /// <summary>Does no I/O and never throws for a wrong value.</summary>
    public static SettingsResult Load(IConfiguration configuration)
    {
        var reader = new SettingsReader(configuration);

        // What is read later is shown only when it holds none of these.
        reader.Hide(
            "DATABASE_URL", "FLY_API_TOKEN", SecretNames.SupabaseServiceRoleKey, SecretNames.GeminiApiKey, SecretNames.BraintrustApiKey,
            SecretNames.BraintrustProjectId, SecretNames.OpenRouterApiKey, ConsoleSection.Token);
        reader.Hide([.. SecretNames.Rotatable.Select(name => name + SecretNames.PreviousSuffix)]);
        var database = reader.RequiredSecret("DATABASE_URL", "the host application's Postgres, as a URL or as key=value pairs", allowSpaces: true);
        var machineSecrets = MachineSecretsSection.Read(reader);
        var fly = FlySection.Read(reader);
        var image = FlySection.ReadImage(reader, fly?.RegistryAddress);
        var mode = ReadMode(reader);
        var enforceFor = reader.Read(
            "Reconciler:EnforceFor", EnforcementScope.Everybody, "all, or tiers (pro, elite) and user ids separated by commas", EnforcementScope.TryParse, "all");
        var verifyOnline = reader.Flag("Reconciler:VerifyServiceKeyOnline", fallback: true);
        var fleet = FleetSection.Read(reader);
        var loops = LoopSection.Read(reader);
        var lease = LoopSection.ReadLease(reader);
        LoopSection.ReadShards(reader);
        var guards = GuardSection.Read(reader);
        var timings = GuardSection.ReadTimings(reader, fleet.Check);
        var probe = HttpSection.ReadProbe(reader);
        var http = HttpSection.Read(reader);
        var console = ConsoleSection.Read(reader);
        var prices = PriceSection.Read(reader);
        var rollout = RolloutSection.Read(reader);
        UnknownNames.Report(configuration, Root, reader);

        if (reader.Problems.Count > 0 || database is null || machineSecrets is null || fly is null || image is null)
        {
            return new SettingsResult(null, reader.Problems, reader.Warnings);
        }

        var settings = new Settings
        {
            Mode = mode,
            EnforceFor = enforceFor,
            DatabaseUrl = database,
            Fly = fly,
            Image = image,
            MachineSecrets = machineSecrets,
            VerifyServiceKeyOnline = verifyOnline,
            Fleet = fleet,
            Loops = loops,
            Lease = lease,
            Guards = guards,
            Timings = timings,
            HealthProbe = probe,
            Http = http,
            Console = console,
            Prices = prices,
            Rollout = rollout,
        };
        return new SettingsResult(settings, reader.Problems, reader.Warnings);
    }

    private static ReconcilerMode ReadMode(SettingsReader reader) => reader.Read(
        "Reconciler:Mode",
        ReconcilerMode.Enforce,
        "Enforce or Observe",
        (string text, out ReconcilerMode mode) =>
        {
            mode = text.Equals("Observe", StringComparison.OrdinalIgnoreCase) ? ReconcilerMode.Observe : ReconcilerMode.Enforce;
            return mode == ReconcilerMode.Observe || text.Equals("Enforce", StringComparison.OrdinalIgnoreCase);
        },
        "Enforce");
}
