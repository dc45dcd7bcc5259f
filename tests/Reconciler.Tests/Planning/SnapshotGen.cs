using CsCheck;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Observing;
using Reconciler.Planning;
using Store;

namespace Reconciler.Tests.Planning;

/// <summary>Any snapshot that could be: every state with every memory, most of them nonsense together.</summary>
internal static class SnapshotGen
{
    public static readonly string[] States =
    [
        MachineStates.Created, MachineStates.Started, MachineStates.Stopped, MachineStates.Suspended, MachineStates.Failed,
        MachineStates.Destroying, MachineStates.Replacing, MachineStates.Updating, MachineStates.Starting, MachineStates.Stopping,
        MachineStates.Restarting, MachineStates.Creating, MachineStates.LaunchFailed, "pending",
    ];

    private static readonly MachineSpec Next = new SnapshotBuilder().NewImage().Build().Desired.Machine!;
    private static readonly Gen<MachineSpec> Specs = Gen.OneOf(SnapshotBuilder.Spec, SnapshotBuilder.Spec, SnapshotBuilder.OldSpec, Next);
    private static readonly Gen<string> Ids = Gen.OneOf("m1", "m1", "m2", "m3");
    private static readonly Gen<string?> Versions = Gen.OneOf<string?>("v1", "v2", null);

    private static readonly Gen<TimeSpan> Ages = Gen.OneOf(
        TimeSpan.Zero, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(29), TimeSpan.FromSeconds(31), TimeSpan.FromMinutes(2), TimeSpan.FromMinutes(6),
        TimeSpan.FromMinutes(11), TimeSpan.FromHours(2), TimeSpan.FromHours(80));

    private static readonly Gen<DateTimeOffset> Past = Ages.Select(age => SnapshotBuilder.Start - age);

    private static readonly Gen<Machine> Machines =
        from id in Gen.OneOf("m1", "m2", "m3")
        from spec in Specs
        from state in Gen.OneOf(Gen.Const(MachineStates.Started), Gen.OneOf(States))
        from version in Versions
        from flaw in Gen.Int[0, 25]
        from check in Gen.OneOf("passing", "passing", "critical", "warning", "")
        select Flawed(SnapshotBuilder.MachineOf(spec, id) with { State = state, InstanceId = version, Checks = Checks(check) }, flaw);

    private static readonly Gen<FormerApp> FormerApps =
        from presence in Gen.OneOf(AppPresence.Ours, AppPresence.Ours, AppPresence.Missing, AppPresence.Foreign)
        from machines in Machines.Array[0, 2]
        from since in Past
        select new FormerApp(
            "former",
            presence,
            presence == AppPresence.Ours ? [.. machines.Select((m, n) => m with { Id = $"f{n}" })] : [],
            presence == AppPresence.Ours ? null : since,
            presence == AppPresence.Missing ? since : null);

    private static readonly Gen<PendingChange> Pendings =
        from kind in Gen.OneOf("create", "update", "rollback", "adopt")
        from id in Ids
        from version in Versions
        from previous in Versions
        from spec in Specs
        from since in Past
        select new PendingChange(kind, id, version, previous, spec, since);

    private static readonly Gen<RejectedSpec> Rejections =
        from spec in Specs
        from at in Past
        from attempts in Gen.Int[1, 9]
        from final in Gen.Bool
        from silent in Gen.Bool
        select new RejectedSpec(spec.Hash, silent ? Reasons.SilentlyRolledBack : "RolledBack: check critical", at, attempts, final);

    private static readonly Gen<TroubleMemory> Troubles =
        from kind in Gen.OneOf(Gen.Const("host"), Gen.Const("unhealthy"), Gen.Const("missing"), Gen.OneOf(States).Select(s => "transient:" + s))
        from id in Gen.OneOf("m1", "m1", "m1", "m2")
        from since in Past
        select new TroubleMemory(kind, id, since);

    private static readonly Gen<AppMemory> Memories =
        from secrets in Maybe(Gen.OneOf("secrets-1", "secrets-1", "secrets-0").Select(Gen.Long[0, 2], (d, v) => SnapshotBuilder.SecretsOf(d, v)))
        from pending in Maybe(Pendings)
        from good in Maybe(Specs)
        from rejected in Maybe(Rejections)
        from trouble in Maybe(Troubles)
        from crash in Maybe(Gen.Int[1, 9].Select(Past, (restarts, at) => new CrashMemory(restarts, at)))
        from replace in Maybe(Gen.Const("its host is full"))
        from leaving in Maybe(Past.Select(at => new Box(at)))
        from away in Maybe(Past.Select(at => new Box(at)))
        select new AppMemory
        {
            Secrets = secrets,
            Pending = pending,
            LastGood = good,
            Rejected = rejected,
            Trouble = trouble,
            Crash = crash,
            MustReplace = replace,
            DeprovisionSince = leaving?.At,
            AwaySince = away?.At,
        };

    private static readonly Gen<FleetPolicy> Policies =
        from image in Gen.OneOf(
            SnapshotBuilder.DefaultPolicy.Image,
            SnapshotBuilder.DefaultPolicy.Image,
            SnapshotBuilder.ImageOf('b', "deployment-2"),
            SnapshotBuilder.ImageOf('a', "deployment-1") with { Problem = "the registry is away" },
            new ImageStatus(null, null, null, "no such tag"))
        from digest in Gen.OneOf("secrets-1", "secrets-1", "secrets-2")
        from problem in Gen.OneOf<string?>(null, null, null, "the key is refused")
        from ingress in Gen.OneOf(false, false, true)
        select SnapshotBuilder.DefaultPolicy with
        {
            Image = image,
            Secrets = SnapshotBuilder.DefaultPolicy.Secrets with { Digest = digest, Problem = problem },
            PublicIngress = ingress,
        };

    private static readonly Gen<UserApp> Users =
        from tier in Gen.OneOf("pro", "pro", "elite", "free")
        from elected in Gen.OneOf<string?>("m1", "m1", "m2", "m9", null)
        from paused in Gen.OneOf(false, false, false, false, true)
        from spec in Gen.OneOf<string?>(null, null, null, """{"region":"fra"}""", "{", """{"image":"registry.fly.io/missing:1"}""")
        from released in Maybe(Past.Select(at => new Box(at)))
        from owned in Gen.Bool
        from intents in Gen.OneOf("app", "machine").Select(Past, (kind, at) => new CreateIntent("l", kind, SnapshotBuilder.App, SnapshotBuilder.UserId, null) { CreatedAt = at.UtcDateTime }).Array[0, 2]
        from status in Gen.OneOf("provisioning", "active", "active", "error", "deprovisioning", "deleted")
        from deleted in Gen.OneOf(false, false, false, true)
        from fresh in Gen.OneOf(false, false, true)
        select new SnapshotBuilder().Build().User with
        {
            Tier = tier,
            MachineId = elected,
            Paused = paused,
            Spec = spec,
            Status = status,
            Intents = intents,
            DeletedAt = deleted && tier == "free" ? SnapshotBuilder.Start.UtcDateTime : null,
            DeployedAt = fresh ? null : SnapshotBuilder.Start.UtcDateTime,
            ObservedGeneration = fresh ? 0 : 3,
            Ownership = owned || released is not null
                ? new Ownership(SnapshotBuilder.App, SnapshotBuilder.UserId, OwnershipOrigin.Created, default, released?.At.UtcDateTime)
                : null,
        };

    private static readonly Gen<FleetGuards> Guards =
        from left in Gen.Int[0, 3]
        from hold in Gen.OneOf<string?>(null, null, null, "30 of 100 users lost their tier")
        from forced in Gen.OneOf(false, false, false, true)
        select new FleetGuards(left, hold, forced);

    private static readonly Snapshot Healthy = new SnapshotBuilder().Build();

    /// <summary>Half of everything is as it should be: a snapshot in which all is wrong at once reaches only the first rules.</summary>
    public static Gen<Snapshot> Any { get; } =
        from user in Mostly(Healthy.User, Users)
        from memory in Mostly(Healthy.Memory, Memories)
        from policy in Mostly(Healthy.Policy, Policies)
        from machines in Gen.Frequency((3, Machines.Select(m => new[] { m with { Id = "m1" } })), (2, Machines.Array[0, 3]))
        from presence in Mostly(AppPresence.Ours, Gen.Enum<AppPresence>())
        from gone in Gen.Int[0, 2]
        from secrets in Gen.OneOf<string?>(null, null, "fly-", "other-")
        from probe in Gen.OneOf<HealthProbe?>(null, HealthProbe.Unreachable, new(true, null), new(true, "works for another user"))
        from guards in Mostly(Healthy.Guards, Guards)
        from former in Gen.Frequency((3, Gen.Const(Array.Empty<FormerApp>())), (1, FormerApps.Select(f => new[] { f })))
        select Join(user, memory, policy, machines, presence, gone, secrets, probe, guards) is var joined && former.Length == 0
            ? joined
            : joined with { Observed = joined.Observed with { Former = former } };

    private static Gen<T> Mostly<T>(T healthy, Gen<T> any) => Gen.Frequency((1, Gen.Const(healthy)), (1, any));

    /// <summary>A value behind a reference, so that it may be missing.</summary>
    private sealed record Box(DateTimeOffset At);

    private static Gen<T?> Maybe<T>(Gen<T> gen)
        where T : class =>
        Gen.Frequency((2, Gen.Const((T?)null)), (1, gen.Select(value => (T?)value)));

    private static CheckStatus[] Checks(string status) => status.Length == 0 ? [] : [new("health", status, SnapshotBuilder.SecretValue, null)];

    private static Machine Flawed(Machine machine, int flaw) => flaw switch
    {
        0 => machine with { Region = "sjc" },
        1 => machine with { HostStatus = "unreachable", Config = null, IncompleteConfig = machine.Config },
        2 => machine with { Config = null },
        3 => machine with { Config = machine.Config! with { Metadata = null, Env = new Dictionary<string, string> { ["USER_ID"] = SnapshotBuilder.SecretValue } } },
        4 => machine with { Config = machine.Config! with { AutoDestroy = true } },
        5 => machine with { ImageRef = new ImageRef(null, null, null, SnapshotBuilder.DigestOf('9')) },
        6 => machine with { Name = "brave-fox" },
        7 => machine with { Events = [new("exit", null, SnapshotBuilder.Start.AddSeconds(-1), 1, false, false, false, 1)] },
        8 => machine with { Region = null },
        9 => machine with { Config = machine.Config! with { Metadata = Unmanaged(machine.Config!.Metadata!) } },
        _ => machine,
    };

    private static Dictionary<string, string> Unmanaged(IReadOnlyDictionary<string, string> metadata) =>
        new(metadata, StringComparer.Ordinal) { [OwnedMetadata.ManagedBy] = "somebody" };

    private static Snapshot Join(
        UserApp user, AppMemory memory, FleetPolicy policy, Machine[] machines, AppPresence presence, int gone, string? secrets, HealthProbe? probe, FleetGuards guards)
    {
        var exists = presence is AppPresence.Ours or AppPresence.Adoptable;
        var live = exists ? machines.DistinctBy(m => m.Id).OrderBy(m => m.Id, StringComparer.Ordinal).ToArray() : [];
        var observed = new ObservedApp
        {
            App = presence,
            Machines = live,
            ElectedGone = exists && gone == 1 && live.All(m => m.Id != user.MachineId),
            ElectedNotFound = exists && gone == 2 && user.MachineId is not null && live.All(m => m.Id != user.MachineId),
            Secrets = exists && secrets is not null ? [.. policy.Secrets.Names.Select(n => new AppSecret(n, secrets + n))] : null,
            Addresses = policy.PublicIngress && exists ? ["v6"] : null,
            Probe = probe,
        };
        var desired = DesiredBuilder.Build(user, memory, policy, new SnapshotBuilder().With((FleetPolicy _) => policy), SnapshotBuilder.Start);
        return new Snapshot(user, desired, observed, memory, policy, guards, SnapshotBuilder.Start);
    }
}
