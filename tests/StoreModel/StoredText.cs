namespace StoreModel;

/// <summary>One text value and where it stands.</summary>
public readonly record struct StoredText(string Table, string Row, string Column, string Value);
