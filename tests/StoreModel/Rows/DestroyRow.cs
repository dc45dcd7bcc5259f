namespace StoreModel;

/// <summary>A row of <c>fly_reconciler.destroys</c>.</summary>
public sealed record DestroyRow(string Subject, DateTime At);
