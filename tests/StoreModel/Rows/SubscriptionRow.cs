namespace StoreModel;

/// <summary>A row of <c>user_subscriptions</c> that names a user.</summary>
public sealed record SubscriptionRow(Guid UserId, string? Tier, string? Status, DateTime? ExpiresAt);
