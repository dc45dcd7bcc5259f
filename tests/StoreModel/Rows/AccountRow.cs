namespace StoreModel;

/// <summary>A row of <c>auth.users</c>.</summary>
public sealed record AccountRow(Guid UserId);
