using System.Text.Json.Serialization;

namespace Reconciler.Signals;

/// <summary>What became of a signal, as the operator reads it in <c>FILE.result</c>.</summary>
/// <param name="FinishedAt">Null while the users are being reconciled.</param>
/// <param name="Keys">The users it was taken for.</param>
/// <param name="Unknown">Names in the file that are neither a user nor an app of ours.</param>
/// <param name="Converged">True when every one of the users reached the desired state.</param>
/// <param name="Pending">Those that did not, and why.</param>
/// <param name="Error">Why the file was refused; absent when it was not.</param>
public sealed record SignalResult(
    string Id,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? FinishedAt,
    bool Everyone,
    IReadOnlyList<string> Keys,
    IReadOnlyList<string> Unknown,
    bool Converged,
    IReadOnlyList<PendingSignalKey> Pending,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Error = null)
{
    public static SignalResult Refused(string id, DateTimeOffset at, string error) =>
        new(id, at, at, Everyone: false, [], [], Converged: false, [], error);
}

public sealed record PendingSignalKey(string Key, string Reason);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(SignalResult))]
internal sealed partial class SignalJson : JsonSerializerContext;
