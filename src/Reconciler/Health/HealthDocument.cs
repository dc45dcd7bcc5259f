using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Model;
using Reconciler.Texts;

namespace Reconciler.Health;

/// <summary>The members of a machine's <c>/health</c> answer that say who it is and how it is. The rest is ignored.</summary>
internal sealed record HealthDocument(string? Status, string? RunMode, string? UserId)
{
    /// <summary>A longer answer is refused; the real one has about 200 bytes.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int ShownLength = 60;

    /// <summary>Judges an answer. The verdict holds nothing that changes from probe to probe, so that an unchanged machine gives an
    /// unchanged condition.</summary>
    public static HealthProbe Judge(ReadOnlySpan<byte> json, Guid userId)
    {
        HealthDocument? document;
        try
        {
            document = JsonSerializer.Deserialize(json, HealthJsonContext.Default.HealthDocument);
        }
        catch (JsonException)
        {
            // The position and the text of the error depend on what the machine sent; that it is not the document is all that counts.
            document = null;
        }

        return document?.Judge(userId) ?? new HealthProbe(Reached: true, "answers something other than its health document");
    }

    private HealthProbe Judge(Guid userId)
    {
        if (RunMode != "user_dedicated")
        {
            return new(Reached: true, $"reports run_mode {Show(RunMode)} instead of user_dedicated", IsSomebodyElse: true);
        }

        if (!Guid.TryParse(UserId, out var reported) || reported != userId)
        {
            return new(Reached: true, $"reports user_id {Show(UserId)} instead of {userId}", IsSomebodyElse: true);
        }

        return new(Reached: true, Status == "healthy" ? null : $"reports status {Show(Status)} instead of healthy");
    }

    private static string Show(string? value) => string.IsNullOrEmpty(value) ? "nothing" : UntrustedText.Clean(value, ShownLength);
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(HealthDocument))]
internal sealed partial class HealthJsonContext : JsonSerializerContext;
