namespace Store.Tests.Contract;

/// <summary>An event as it is stored.</summary>
public sealed record SeenEvent(string Type, string Status, string Metadata, string? ErrorDetails);
