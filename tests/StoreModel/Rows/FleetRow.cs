namespace StoreModel;

/// <summary>A row of <c>fly_reconciler.fleet</c>.</summary>
public sealed record FleetRow(string Key, string Json);
