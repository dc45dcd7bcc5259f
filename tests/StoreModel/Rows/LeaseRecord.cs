namespace StoreModel;

/// <summary>A row of <c>fly_reconciler.lease</c>.</summary>
public sealed record LeaseRecord(string Name, string Holder, long Epoch, DateTime ExpiresAt, DateTime RenewedAt);
