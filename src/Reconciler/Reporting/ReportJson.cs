using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Model;

namespace Reconciler.Reporting;

/// <summary>The JSON that stands in the database: conditions, the controller's memory, event metadata.</summary>
[JsonSerializable(typeof(IReadOnlyList<Condition>))]
[JsonSerializable(typeof(List<Condition>))]
[JsonSerializable(typeof(AppMemory))]
[JsonSerializable(typeof(SortedDictionary<string, string>))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
internal sealed partial class ReportJson : JsonSerializerContext
{
    public static string Write(IReadOnlyList<Condition> conditions) =>
        JsonSerializer.Serialize(conditions, Default.IReadOnlyListCondition);

    public static string Write(AppMemory memory) => JsonSerializer.Serialize(memory, Default.AppMemory);

    public static string Write(SortedDictionary<string, string> metadata) =>
        JsonSerializer.Serialize(metadata, Default.SortedDictionaryStringString);

    /// <summary>What cannot be read (an older or edited form) is started afresh: losing it is safe by design.</summary>
    /// <param name="json">As it stands in the database.</param>
    /// <param name="now">What claims to be from after it is not believed.</param>
    public static AppMemory ReadMemory(string json, DateTimeOffset now)
    {
        try
        {
            return JsonSerializer.Deserialize(json, Default.AppMemory) is { } memory ? SoundMemory.Of(memory, now) : Model.AppMemory.Empty;
        }
        catch (JsonException)
        {
            return Model.AppMemory.Empty;
        }
    }

    public static IReadOnlyList<Condition> ReadConditions(string json)
    {
        try
        {
            return [.. (JsonSerializer.Deserialize(json, Default.ListCondition) ?? []).Where(IsWhole)];
        }
        catch (JsonException)
        {
            return []; // then every transition time starts anew
        }
    }

    private static bool IsWhole(Condition? condition) =>
        condition is { Type: not null, Reason: not null, Message: not null } && Enum.IsDefined(condition.Status);
}
