using System.Text.Json.Serialization.Metadata;
using FlyApi.Calls;
using FlyApi.Transport;
using FlyApi.Wire;

namespace FlyApi;

/// <summary>The typed calls, in one part per resource: paths, bodies and what each status means to that call. No retries, no timeouts.</summary>
internal sealed partial class FlyApiClient(FlyTransport transport) : IFlyApi
{
    private readonly LowCardinalityStrings _strings = new();

    private Task<T> GetAsync<TWire, T>(
        string operation, string path, string limitedBy, JsonTypeInfo<TWire> type, Func<TWire, T> map, CancellationToken cancellationToken)
        where TWire : class =>
        transport.SendAsync(
            new FlyCall { Operation = operation, Method = HttpMethod.Get, Path = path, Repeatable = true, LimitedBy = limitedBy },
            answer => map(WireJson.Read(answer.Body, type)),
            cancellationToken);

    /// <summary>For calls whose answer says nothing beyond its status; true, always.</summary>
    private Task<bool> SendQuietlyAsync(FlyCall call, CancellationToken cancellationToken) =>
        transport.SendAsync(
            call,
            static answer =>
            {
                WireJson.RequireEmptyOrJson(answer.Body);
                return true;
            },
            cancellationToken);
}
