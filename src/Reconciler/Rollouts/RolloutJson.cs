using System.Text.Json;
using System.Text.Json.Serialization;
using FlyApi;
using Reconciler.Model;
using Store;

namespace Reconciler.Rollouts;

/// <summary>The documents of rollouts in the database.</summary>
[JsonSerializable(typeof(RolloutState))]
[JsonSerializable(typeof(Revision))]
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UseStringEnumConverter = true)]
internal sealed partial class RolloutJson : JsonSerializerContext
{
    public static string Write(RolloutState state) => JsonSerializer.Serialize(state, Default.RolloutState);

    public static string Write(Revision revision) => JsonSerializer.Serialize(revision, Default.Revision);

    /// <exception cref="StoreSchemaException">It was edited into something that is none. Guessing could move everybody at once.</exception>
    public static RolloutState ReadState(string json) => Read(json, Default.RolloutState) is { } state && Enum.IsDefined(state.Phase)
        ? state
        : throw new StoreSchemaException("the state of the rollout (fly_reconciler.rollout, column state) cannot be read: restore it");

    /// <exception cref="StoreSchemaException">As above.</exception>
    public static Revision ReadRevision(RevisionRow row) => Read(row.Content, Default.Revision) is { } revision && IsWhole(revision)
        ? RevisionId.Give(revision) is { } given && given.Id == row.Id
            ? revision
            : throw Edited(row.Id)
        : throw Edited(row.Id);

    private static StoreSchemaException Edited(string id) =>
        new($"revision {id} (fly_reconciler.revisions, column content) is not what its id says: restore it");

    private static T? Read<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool IsWhole(Revision revision) => revision is
        { Image: not null, ImageDigest: not null, ImageLabel: not null, Region: not null, SecretsDigest: not null, Check: { Name: not null, Path: not null } }
        && revision.Guests is { } guests && guests.Values.All(g => g is { CpuKind: not null } && GuestRules.Problem(g.ToGuest()) is null)
        && revision.Env is { } env && !env.Values.Contains(null)
        && revision.SecretNames is { } names && !names.Contains(null)
        && ImageReference.TryParse(revision.Image, out var image, out _) && image.Digest is not null;
}
