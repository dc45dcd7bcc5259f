using FlyApi;
using Microsoft.Extensions.Logging.Abstractions;
using Reconciler.Observing;
using Store;

namespace Probe;

/// <summary>The product's quiet pass: list every machine over HTTP into the view, read every user's summary, compare.</summary>
internal sealed class OurPass(AppInformer informer, FleetView view, PostgresStores stores) : IRound
{
    /// <summary>The wish that the runner planted the users' fingerprints with.</summary>
    private static readonly Dictionary<WishKey, string> Wishes = new() { [new WishKey("pro", null)] = "bench", [new WishKey("elite", null)] = "bench" };

    public static Task<OurPass> OpenAsync(Uri fly, string database)
    {
        var options = new FlyApiOptions
        {
            BaseAddress = fly,
            RegistryAddress = fly,
            Token = static () => "bench-token",
            RateLimitScale = 10_000, // the pacing that Fly's limits ask for is not what is compared here
        };
        var (api, _) = FlyApiClientFactory.Create(
            options, new SocketsHttpHandler { UseCookies = false }, TimeProvider.System, static () => 0.5, new FlyApiTelemetry());
        var view = new FleetView();
        var informing = new InformerOptions(TimeSpan.FromSeconds(5), TimeSpan.FromMinutes(10), TimeSpan.FromSeconds(60));
        var informer = new AppInformer(
            api, "bench", view, informing, TimeProvider.System, static () => 0.5, NullLogger<AppInformer>.Instance);
        var stores = StoreFactory.Create(
            new StoreOptions { ConnectionString = database }, TimeProvider.System, NullLoggerFactory.Instance, static () => 0.5);
        return Task.FromResult(new OurPass(informer, view, stores));
    }

    public async Task<long> RunAsync()
    {
        await informer.ListAsync(CancellationToken.None);
        var summaries = await stores.Store.ReadSummariesAsync(CancellationToken.None);
        return view.Read(apps => FleetDiffer.Differences(summaries, apps, view.IsComplete, Wishes).Count());
    }
}
