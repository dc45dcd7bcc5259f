namespace FlySim.Admin;

/// <summary>A machine as it truly is, whatever any list shows.</summary>
/// <param name="Running">Whether its program runs, whatever <paramref name="State"/> says.</param>
/// <param name="UserId">The USER_ID that it booted with last; null when it never booted or had none.</param>
/// <param name="RunMode">What its program reported at that boot.</param>
public readonly record struct MachineFacts(
    string App,
    string Org,
    string Id,
    string Name,
    string State,
    bool Running,
    string Region,
    string HostStatus,
    string InstanceId,
    string Digest,
    string? UserId,
    string? RunMode,
    long? BootSecretsVersion,
    DateTimeOffset CreatedAt);

/// <summary>An app as it truly is.</summary>
public readonly record struct AppFacts(string Name, string Org, string Network, bool Deleting, long SecretsVersion);
