using System.Net;
using System.Net.Sockets;

namespace Reconciler.WebConsole.Access;

/// <summary>Where a request comes from: the private network or not, our own pages or another site's.</summary>
internal static class RequestOrigin
{
    /// <summary>
    /// Loopback, link-local, RFC 1918 and IPv6 unique local addresses (Fly's private network is fdaa::/16), without a proxy in between: a
    /// proxy's own address is private, and says nothing about who asks.
    /// </summary>
    public static bool IsPrivate(HttpRequest request, IPAddress? remote) =>
        remote is not null && IsPrivate(remote)
        && !request.Headers.ContainsKey("Fly-Client-IP")
        && !request.Headers.ContainsKey("X-Forwarded-For")
        && !request.Headers.ContainsKey("Forwarded");

    public static bool IsPrivate(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            address = address.MapToIPv4();
        }

        if (IPAddress.IsLoopback(address) || address.IsIPv6LinkLocal || address.IsIPv6UniqueLocal)
        {
            return true;
        }

        return address.AddressFamily == AddressFamily.InterNetwork
            && (address.GetAddressBytes() is [10, ..] or [172, >= 16 and <= 31, ..] or [192, 168, ..] or [169, 254, ..]);
    }

    /// <summary>Browsers send Origin with every form that is posted; one that is missing or another site's is refused.</summary>
    public static bool IsOwnPage(HttpRequest request)
    {
        var origin = request.Headers.Origin;
        return origin.Count == 1
            && Uri.TryCreate(origin[0], UriKind.Absolute, out var theirs)
            && (theirs.Scheme is "http" or "https")
            && Uri.TryCreate($"{theirs.Scheme}://{request.Host}", UriKind.Absolute, out var ours)
            && (theirs.IdnHost, theirs.Port) == (ours.IdnHost, ours.Port)
            && (request.Headers["Sec-Fetch-Site"] is [] or ["same-origin"]);
    }
}
