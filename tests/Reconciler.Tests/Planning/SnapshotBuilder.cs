using FlyApi.Contracts;
using Reconciler.Images;
using Reconciler.Model;
using Reconciler.Observing;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

/// <summary>A user whose machine is just as it should be; a test says only what is different.</summary>
internal sealed class SnapshotBuilder : IImageCatalog
{
    public const string App = "vyx-user-35682909";
    public const string MachineId = "m1";
    public const string Version = "v1";
    public const string SecretValue = "canary-7f3a9c";
    public static readonly Guid UserId = Guid.Parse("63eea370-27a1-4099-866a-e3ed340b278d");
    public static readonly DateTimeOffset Start = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    private static readonly string[] SecretNames = ["RUN_MODE", "SUPABASE_SERVICE_ROLE_KEY", "USER_ID"];
    private FleetPolicy _policy = DefaultPolicy;
    private AppMemory _memory;
    private UserApp _user;
    private ObservedApp _observed;
    private FleetGuards _guards = new(DestroysLeft: 10, Hold: null, Forced: false);

    public SnapshotBuilder()
    {
        Elected = MachineOf(Spec, MachineId);
        _memory = new AppMemory { Secrets = SecretsOf("secrets-1", 1), LastGood = Spec };
        _observed = new ObservedApp { App = AppPresence.Ours };
        _user = new UserApp
        {
            UserId = UserId,
            ReadAt = Start.UtcDateTime,
            RowId = Guid.Parse("00000000-0000-0000-0000-000000000001"),
            AppName = App,
            OrgSlug = "vyx",
            Tier = "pro",
            Status = "active",
            HealthStatus = "healthy",
            Region = "sin",
            DockerImage = DefaultPolicy.Image.Label!,
            CpuCount = 2,
            MemoryMb = 512,
            DeployedAt = Start.AddDays(-1).UtcDateTime,
            LastHealthCheck = Start.AddDays(-1).UtcDateTime,
            MonthlyCostUsd = 4.04m,
            MachineId = MachineId,
            Generation = 3,
            ObservedGeneration = 3,
            Ownership = new Ownership(App, UserId, OwnershipOrigin.Created, Start.AddDays(-2).UtcDateTime, null),
        };
    }

    public static FleetPolicy DefaultPolicy { get; } = new()
    {
        OrgSlug = "vyx",
        AppNamePrefix = "vyx-user-",
        Region = "sin",
        Guests = new SortedDictionary<string, Guest>(StringComparer.Ordinal) { ["pro"] = new("shared", 2, 512), ["elite"] = new("shared", 4, 1024) },
        Image = ImageOf('a', "deployment-1"),
        Secrets = new SecretsStatus("secrets-1", SecretNames, null),
        Env = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["LOG_LEVEL"] = "info" },
        Check = new HealthCheckPolicy("health", 8080, "/health", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(1)),
        PublicIngress = false,
        Timings = new Timings(),
    };

    /// <summary>What a Pro user should run.</summary>
    public static MachineSpec Spec { get; } = DesiredBuilder.TierSpec("pro", DefaultPolicy)!;

    /// <summary>The same with an earlier image.</summary>
    public static MachineSpec OldSpec { get; } = DesiredBuilder.TierSpec("pro", DefaultPolicy with { Image = ImageOf('0', "deployment-0") })!;

    public DateTimeOffset Now { get; private set; } = Start;
    public Machine? Elected { get; private set; }
    public List<Machine> Others { get; } = [];
    public ImageStatus Fleet => _policy.Image;

    public static string DigestOf(char digit) => "sha256:" + new string(digit, 64);

    public static ImageStatus ImageOf(char digit, string tag) =>
        new($"registry.fly.io/vyx-app@{DigestOf(digit)}", DigestOf(digit), $"registry.fly.io/vyx-app:{tag}", null);

    public static SecretsMemory SecretsOf(string digest, long version) => new(
        digest, version, new SortedDictionary<string, string>(SecretNames.ToDictionary(n => n, n => "fly-" + n), StringComparer.Ordinal));

    public static Machine MachineOf(MachineSpec spec, string id, string version = Version) => new()
    {
        Id = id,
        Name = App + "-main",
        State = MachineStates.Started,
        Region = spec.Region,
        InstanceId = version,
        CreatedAt = Start.AddDays(-1),
        UpdatedAt = Start.AddDays(-1),
        Config = MachineConfigBuilder.Build(spec, UserId, 1, null, null),
        ImageRef = new ImageRef("registry.fly.io", "vyx-app", null, spec.ImageDigest),
        HostStatus = "ok",
        Checks = [new CheckStatus("health", "passing", "", Start.AddDays(-1))],
    };

    public ImageStatus ForOverride(string reference) => reference.Contains("missing", StringComparison.Ordinal)
        ? new ImageStatus(null, null, null, "not resolved yet")
        : ImageOf('c', "override") with { Label = reference };

    public Task<bool> RefreshAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    public SnapshotBuilder With(Func<UserApp, UserApp> change) => Do(() => _user = change(_user));

    public SnapshotBuilder With(Func<AppMemory, AppMemory> change) => Do(() => _memory = change(_memory));

    public SnapshotBuilder With(Func<FleetPolicy, FleetPolicy> change) => Do(() => _policy = change(_policy));

    public SnapshotBuilder With(Func<ObservedApp, ObservedApp> change) => Do(() => _observed = change(_observed));

    public SnapshotBuilder With(Func<FleetGuards, FleetGuards> change) => Do(() => _guards = change(_guards));

    /// <summary>Changes the elected machine as Fly shows it.</summary>
    public SnapshotBuilder With(Func<Machine, Machine> change) => Do(() => Elected = change(Elected!));

    public SnapshotBuilder Config(Func<MachineConfig, MachineConfig> change) => With((Machine m) => m with { Config = change(m.Config!) });

    public SnapshotBuilder State(string state) => With((Machine m) => m with { State = state });

    /// <summary>Fly does not list the elected machine, and shows it as destroyed by its id.</summary>
    public SnapshotBuilder Gone() => Unseen().With((ObservedApp o) => o with { ElectedGone = true });

    /// <summary>Fly does not list the elected machine and answers 404 for its id, as it has for so long; null: for the first time.</summary>
    public SnapshotBuilder NotFound(int? seconds = null, string machine = "m1") => Unseen()
        .With((ObservedApp o) => o with { ElectedNotFound = true })
        .With((AppMemory m) => seconds is { } s ? m with { Trouble = new TroubleMemory("missing", machine, Start.AddSeconds(-s)) } : m);

    public SnapshotBuilder Unseen() => Do(() => Elected = null);

    public SnapshotBuilder NeverProvisioned() => Unseen()
        .With((UserApp u) => u with { MachineId = null, Ownership = null, DeployedAt = null, Status = "provisioning" })
        .With((AppMemory _) => AppMemory.Empty)
        .With((ObservedApp _) => ObservedApp.Unclaimed);

    public SnapshotBuilder Other(string id, Func<Machine, Machine>? change = null) =>
        Do(() => Others.Add((change ?? (m => m))(MachineOf(Spec, id) with { Name = "brave-" + id })));

    public SnapshotBuilder NewImage() => With((FleetPolicy p) => p with { Image = ImageOf('b', "deployment-2") });

    public SnapshotBuilder Later(TimeSpan time) => Do(() => Now += time);

    public Snapshot Build()
    {
        var machines = Elected is null ? Others : [Elected, .. Others];
        var observed = _observed with { Machines = [.. machines.OrderBy(m => m.Id, StringComparer.Ordinal)] };
        var desired = DesiredBuilder.Build(_user, _memory, _policy, this, Now);
        return new Snapshot(_user, desired, observed, _memory, _policy, _guards, Now);
    }

    public Plan Plan() => Planner.Plan(Build());

    private SnapshotBuilder Do(Action change)
    {
        change();
        return this;
    }
}
