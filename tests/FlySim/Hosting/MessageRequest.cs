using FlySim.Admin;
using FlySim.Http;

namespace FlySim.Hosting;

/// <summary>A request that never left the process.</summary>
internal sealed class MessageRequest(HttpRequestMessage message, Uri address, CancellationToken aborted)
    : SimRequest(message.Method.Method, Decode(address.AbsolutePath), address.Query, aborted)
{
    public override FaultRule? ChosenFault => message.Options.TryGetValue(FlySimHandler.FaultKey, out var fault) ? fault : null;

    public override string? Header(string name)
    {
        if (!message.Headers.NonValidated.TryGetValues(name, out var values))
        {
            return null;
        }

        foreach (var value in values)
        {
            return value;
        }

        return null;
    }

    public override Task<byte[]> ReadBodyAsync(CancellationToken cancellationToken) =>
        message.Content is { } content ? content.ReadAsByteArrayAsync(cancellationToken) : Task.FromResult(Array.Empty<byte>());

    // As Kestrel does: an encoded slash stays one, so that it does not split its segment.
    private static string Decode(string path) => !path.Contains('%', StringComparison.Ordinal)
        ? path
        : Uri.UnescapeDataString(path.Replace("%2F", "%252F", StringComparison.OrdinalIgnoreCase));
}
