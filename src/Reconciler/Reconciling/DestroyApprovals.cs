using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Leading;
using Store;

namespace Reconciler.Reconciling;

/// <summary>
/// Operators' approvals of plans that a guard holds back: one document per user, used at most once, by the leader alone. It is
/// marked as used before anything is done: a crash in between costs a second approval, never a second destruction.
/// </summary>
internal sealed class DestroyApprovals(IStore store, TimeProvider time)
{
    /// <summary>Long enough for the next look at the user, too short to surprise anybody tomorrow.</summary>
    public static readonly TimeSpan ValidFor = TimeSpan.FromMinutes(10);

    /// <exception cref="StaleEpochException">Somebody else leads.</exception>
    public Task ApproveAsync(Leadership leadership, Guid userId, string planHash, string owner, string reason, CancellationToken cancellationToken) =>
        WriteAsync(leadership, userId, new DestroyApproval(planHash, owner, reason, time.GetUtcNow(), null), cancellationToken);

    /// <summary>The approval of this very plan, now used up; null when there is none, or it is of another plan, old, or used.</summary>
    public async Task<DestroyApproval?> TryUseAsync(Leadership leadership, Guid userId, string planHash, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if (Read(await store.ReadFleetStateAsync(Key(userId), cancellationToken)) is not { UsedAt: null } approval
            || approval.PlanHash != planHash
            || approval.At > now
            || now - approval.At > ValidFor)
        {
            return null;
        }

        await WriteAsync(leadership, userId, approval with { UsedAt = now }, cancellationToken);
        return approval;
    }

    private Task WriteAsync(Leadership leadership, Guid userId, DestroyApproval approval, CancellationToken cancellationToken) =>
        store.WriteFleetStateAsync(
            leadership.Token, Key(userId), JsonSerializer.Serialize(approval, ApprovalJson.Default.DestroyApproval), cancellationToken);

    private static string Key(Guid userId) => $"destroy-approval/{userId}";

    /// <summary>An edited document approves nothing.</summary>
    private static DestroyApproval? Read(string? json)
    {
        try
        {
            return json is null ? null : JsonSerializer.Deserialize(json, ApprovalJson.Default.DestroyApproval);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <param name="PlanHash">From <see cref="HeldPlan"/>.</param>
/// <param name="UsedAt">Null until the plan was begun.</param>
internal sealed record DestroyApproval(
    [property: JsonRequired] string PlanHash,
    [property: JsonRequired] string Owner,
    [property: JsonRequired] string Reason,
    [property: JsonRequired] DateTimeOffset At,
    DateTimeOffset? UsedAt);

[JsonSerializable(typeof(DestroyApproval))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
internal sealed partial class ApprovalJson : JsonSerializerContext;
