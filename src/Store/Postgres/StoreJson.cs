using System.Text.Json.Serialization;

namespace Store;

/// <summary>The JSON that the database answers with.</summary>
[JsonSerializable(typeof(string[]))]
internal sealed partial class StoreJson : JsonSerializerContext;
