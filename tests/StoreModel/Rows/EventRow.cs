namespace StoreModel;

/// <summary>A line of the host's audit log (<see cref="RowId"/> is set) or of our own journal for apps without a row.</summary>
/// <param name="Id">Null in our own journal, which numbers its lines.</param>
/// <param name="RowId">The <c>fly_app_id</c>.</param>
/// <param name="UserId">Only an entry about nobody in particular has none.</param>
/// <param name="AppName">Set in our own journal, where it is known.</param>
public sealed record EventRow(
    Guid? Id, Guid? RowId, Guid? UserId, string? AppName, string Type, string Status, string Metadata, string? ErrorDetails,
    DateTime CreatedAt);
