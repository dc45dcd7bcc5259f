using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace FlySim.Admin;

/// <summary>The whole world at a moment. Values of secrets and of environment variables appear as SHA-256 only.</summary>
/// <param name="Overlaps">Every moment at which two machines of one app, or of one user in any apps, ran at once: should be empty.</param>
/// <param name="MaxRunningByUser">By the USER_ID that user_dedicated programs booted with, over all apps.</param>
public sealed record SimState(
    DateTimeOffset Now,
    string Org,
    IReadOnlyList<AppState> Apps,
    IReadOnlyList<ImageInfo> Images,
    IReadOnlyList<Overlap> Overlaps,
    IReadOnlyDictionary<string, int> MaxRunningByUser,
    long Calls)
{
    /// <summary>The fewest users that had a program running at once since <c>POST /_sim/running/watch</c>.</summary>
    public int FewestUsersRunning { get; init; }

    public AppState? App(string name) => Apps.FirstOrDefault(a => a.Name == name);
}

/// <param name="RunningNow">Machines whose program runs.</param>
/// <param name="MaxRunning">The most that ever ran at once under this name, over all apps that had it.</param>
public sealed record AppState(
    string Name,
    string Org,
    string Network,
    bool Deleting,
    int RunningNow,
    int MaxRunning,
    long SecretsVersion,
    IReadOnlyDictionary<string, string> SecretHashes,
    IReadOnlyList<string> Ips,
    IReadOnlyList<MachineState> Machines)
{
    [JsonIgnore]
    public IEnumerable<MachineState> LiveMachines => Machines.Where(m => m.State != "destroyed");
}

/// <param name="Running">Whether its program runs, whatever <paramref name="State"/> says.</param>
/// <param name="BootEnvHashes">Name to SHA-256 (lower-case hex) of each variable that the program last booted with.</param>
/// <param name="BootSecretsVersion">The app's secrets version that it last booted with; null when it never did.</param>
public sealed record MachineState(
    string Id,
    string Name,
    string State,
    string Region,
    string InstanceId,
    string HostStatus,
    bool Running,
    string Image,
    string Digest,
    JsonObject? Guest,
    JsonObject? Metadata,
    IReadOnlyList<string> EnvNames,
    IReadOnlyDictionary<string, string> BootEnvHashes,
    long? BootSecretsVersion,
    string? LeaseOwner,
    int Versions,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt);

/// <summary>A moment at which a second machine began to run beside another.</summary>
/// <param name="Of"><c>app NAME</c> or <c>user ID</c>.</param>
/// <param name="Machines">All that ran then, as <c>app/id</c>.</param>
public sealed record Overlap(string Of, DateTimeOffset At, IReadOnlyList<string> Machines);
