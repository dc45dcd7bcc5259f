using System.Text.Json.Serialization;

namespace Reconciler.Model;

/// <summary>
/// What the controller remembers about one app between reconciles, stored as JSON beside the row. Losing it is safe:
/// at worst secrets are set again and the machine is updated once more.
/// </summary>
public sealed record AppMemory
{
    public static AppMemory Empty { get; } = new();

    public SecretsMemory? Secrets { get; init; }

    /// <summary>They were written again, by the instants of Fly's list alone. What Fly answers to the next set is then not compared with
    /// its list: should the two never agree, that costs one restart, and not one for every look.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool SecretsRewritten { get; init; }

    /// <summary>A change that was sent and is not proven good yet.</summary>
    public PendingChange? Pending { get; init; }

    /// <summary>The last spec that was proven good; what a rollback returns to.</summary>
    public MachineSpec? LastGood { get; init; }

    /// <summary>A spec that was tried and did not become healthy; not tried again until the wish changes or an operator forces it.</summary>
    public RejectedSpec? Rejected { get; init; }

    /// <summary>When the user was first seen without a paid tier.</summary>
    public DateTimeOffset? DeprovisionSince { get; init; }

    /// <summary>The app name was refused as taken at this time; the next observation looks who holds it.</summary>
    public DateTimeOffset? NameTakenAt { get; init; }

    /// <summary>Since when every look found the app missing or somebody else's. One wrong answer says so, too; acting on it would make
    /// a second machine beside one that runs, or forget an app that is still there.</summary>
    public DateTimeOffset? AwaySince { get; init; }

    /// <summary>Restarts of a machine that keeps failing.</summary>
    public CrashMemory? Crash { get; init; }

    /// <summary>Why the machine cannot be updated in place and has to be replaced (its host is full or under maintenance); null = it can.</summary>
    public string? MustReplace { get; init; }

    /// <summary>When the machine was first seen in the state it is still in and should not be in (transient, unreachable, unhealthy).</summary>
    public TroubleMemory? Trouble { get; init; }

    /// <summary>The revision that the machine was last proven to run.</summary>
    public string? Revision { get; init; }

    /// <summary>The revision that the last reconcile steered to: what else stands here was found out under it.</summary>
    public string? Target { get; init; }
}

/// <summary>The app secrets as we last set them.</summary>
/// <param name="SetDigest">Keyed digest of what we set.</param>
/// <param name="Version">Fly's app-wide version after it.</param>
/// <param name="FlyDigests">Fly's digest by name, as it answered: a different one later means somebody else changed the value.</param>
/// <param name="ChangedAt">When the last of them was set, by Fly's clock; null = to be learned from the next look.</param>
public sealed record SecretsMemory(
    string SetDigest, long Version, IReadOnlyDictionary<string, string> FlyDigests, DateTimeOffset? ChangedAt = null);

/// <summary>A create, update or rollback on its way.</summary>
/// <param name="Kind"><c>create</c>, <c>update</c>, <c>adopt</c> or <c>rollback</c>.</param>
/// <param name="InstanceId">The version that must come up.</param>
/// <param name="PreviousInstanceId">The version before; if it is back, Fly rolled the update back silently.</param>
public sealed record PendingChange(
    string Kind, string MachineId, string? InstanceId, string? PreviousInstanceId, MachineSpec Spec, DateTimeOffset Since);

/// <param name="Attempts">How often this spec was tried.</param>
/// <param name="Final">False: Fly rolled it back by itself, which can be the host's fault, so it is tried again with backoff.</param>
public sealed record RejectedSpec(string SpecHash, string Reason, DateTimeOffset At, int Attempts, bool Final);

/// <param name="Latest">The last few of them, oldest first: how many there were since an instant. Null: written before they were kept.</param>
public sealed record CrashMemory(int Restarts, DateTimeOffset LastRestart, IReadOnlyList<DateTimeOffset>? Latest = null);

/// <param name="Kind"><c>transient:STATE</c> (<c>created</c> included), <c>host</c>, <c>unhealthy</c>, or <c>missing</c>: no look has found it.</param>
public sealed record TroubleMemory(string Kind, string MachineId, DateTimeOffset Since);
