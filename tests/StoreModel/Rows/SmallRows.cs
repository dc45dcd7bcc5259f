namespace StoreModel;

/// <summary>A row of <c>fly_reconciler.lease</c>.</summary>
public sealed record LeaseRecord(string Name, string Holder, long Epoch, DateTime ExpiresAt, DateTime RenewedAt);

/// <summary>A row of <c>fly_reconciler.fleet</c>.</summary>
public sealed record FleetRow(string Key, string Json);

/// <summary>A row of <c>fly_reconciler.destroys</c>.</summary>
public sealed record DestroyRow(string Subject, DateTime At);
