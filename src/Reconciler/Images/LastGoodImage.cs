using System.Text.Json;
using System.Text.Json.Serialization;
using FlyApi;
using Reconciler.Texts;

namespace Reconciler.Images;

/// <summary>The image that last resolved. It stays valid when the configured text changes, because the new text may be the mistake.</summary>
/// <param name="Source">What DOCKER_IMAGE said then; for people who read the document.</param>
internal sealed record LastGoodImage(string Source, string Reference, string Label)
{
    public string ToJson() => JsonSerializer.Serialize(this, LastGoodJsonContext.Default.LastGoodImage);

    /// <summary>Null for a document that is not one of ours, or whose reference is not pinned to a digest.</summary>
    public static LastGoodImage? FromJson(string json)
    {
        try
        {
            var image = JsonSerializer.Deserialize(json, LastGoodJsonContext.Default.LastGoodImage);
            return image is { Label: { } label } && image.Pinned() is not null
                ? image with { Source = UntrustedText.ForLog(image.Source ?? ""), Label = UntrustedText.ForLog(label) }
                : null;
        }
        catch (JsonException)
        {
            // Losing the document costs nothing while the registry answers; the caller logs it.
            return null;
        }
    }

    public Resolution.Found? ToFound() => Pinned() is { } pinned ? new Resolution.Found(pinned, Label) : null;

    private ImageReference? Pinned() => ImageReference.TryParse(Reference, out var image, out _) && image.Digest is not null ? image : null;
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(LastGoodImage))]
internal sealed partial class LastGoodJsonContext : JsonSerializerContext;
