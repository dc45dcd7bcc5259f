using FlyApi.Limits;

namespace FlyApi.Calls;

/// <summary>One call, before it is sent. A class, not a record: a record's text would print the nonce and the body.</summary>
internal sealed class FlyCall
{
    /// <summary>One of <see cref="FlyOperations"/>.</summary>
    public required string Operation { get; init; }

    public required HttpMethod Method { get; init; }

    /// <summary>Path and query below the base address, already escaped; see <see cref="FlyPath"/>.</summary>
    public required string Path { get; init; }

    /// <summary>
    /// Sending it twice does what sending it once does (reads and idempotent writes). Decides two things: whether it is
    /// resent, and whether a lost answer means "try again" or "the outcome is unknown".
    /// </summary>
    public required bool Repeatable { get; init; }

    /// <summary>Fly's limit on this action, or null for calls that it does not limit.</summary>
    public RateLimit? Limit { get; init; } = RateLimit.Usual;

    /// <summary>What Fly counts the limit by: the machine's id, else the app's name, else the organisation.</summary>
    public string LimitedBy { get; init; } = "";

    public ReadOnlyMemory<byte>? Body { get; init; }

    public string? LeaseNonce { get; init; }

    /// <summary>The <c>Accept</c> header.</summary>
    public string Accept { get; init; } = "application/json";

    /// <summary>Secret values in the body: an answer that echoes one has it blanked.</summary>
    public IReadOnlyCollection<string> Secrets { get; init; } = [];

    /// <summary>Time for Fly to wait on our behalf, on top of the usual patience; such a call gets no more in all than one attempt.</summary>
    public TimeSpan LongPoll { get; init; }
}
