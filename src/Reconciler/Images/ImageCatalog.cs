using FlyApi;
using Microsoft.Extensions.Logging;
using Reconciler.Model;

namespace Reconciler.Images;

/// <summary>The catalog over Fly and its registry. Refreshes are made by one loop at a time; the rest may be asked from anywhere.</summary>
public sealed partial class ImageCatalog : IImageCatalog
{
    private readonly ImageSource _source;
    private readonly RegistryResolver _resolver;
    private readonly FollowedApp? _followed;
    private readonly LastGoodMemory _memory;
    private readonly OverrideImages _overrides;
    private readonly ILogger _logger;
    private ImageStatus _fleet;
    private Resolution.Found? _lastGood;

    public ImageCatalog(
        ImageSource source, IFlyApi api, IImageRegistry registry, ILastGoodImageStore store, ILogger<ImageCatalog> logger)
    {
        _source = source;
        _logger = logger;
        _resolver = new RegistryResolver(registry);
        _followed = source is ImageSource.Following following ? new FollowedApp(following.AppName, api, _resolver) : null;
        _memory = new LastGoodMemory(store, logger);
        _overrides = new OverrideImages(_resolver);
        _fleet = new ImageStatus(null, null, source.Text, $"image {source.Text} is not resolved yet");
    }

    public ImageStatus Fleet => Volatile.Read(ref _fleet);

    public ImageStatus ForOverride(string reference) => _overrides.StatusOf(reference);

    public Task<bool> LookUpNewAsync(CancellationToken cancellationToken) => _overrides.LookUpNewAsync(cancellationToken);

    public async Task<bool> RefreshAsync(CancellationToken cancellationToken)
    {
        var changed = await RefreshFleetAsync(cancellationToken);
        return await _overrides.RefreshAsync(cancellationToken) || changed;
    }

    private async Task<bool> RefreshFleetAsync(CancellationToken cancellationToken)
    {
        var before = _fleet;
        var remembered = await _memory.LoadOnceAsync(cancellationToken);
        _lastGood ??= remembered?.ToFound();

        var resolution = await ResolveAsync(cancellationToken);
        var status = resolution switch
        {
            Resolution.Found found => found.ToStatus(),
            Resolution.Failed failed => KeepLastGood(failed.Why, failed.Cure),
            Resolution.Unsettled when before.Resolved => before,
            Resolution.Unsettled unsettled => KeepLastGood(unsettled.Why, "it is looked at again by itself"),
            _ => throw new InvalidOperationException($"unknown resolution {resolution}"),
        };
        if (resolution is Resolution.Found good)
        {
            _lastGood = good;
            await _memory.SaveAsync(new LastGoodImage(_source.Text, good.Pinned.ToString(), good.Label), cancellationToken);
        }

        Volatile.Write(ref _fleet, status);
        if (status == before)
        {
            return false;
        }

        Report(status, resolution);
        return true;
    }

    private Task<Resolution> ResolveAsync(CancellationToken cancellationToken) => _source switch
    {
        ImageSource.Exact exact when IsLastGood(exact.Image) => Task.FromResult<Resolution>(Found(exact.Image)),
        ImageSource.Exact exact => _resolver.ResolveAsync(exact.Image, "DOCKER_IMAGE", cancellationToken),
        ImageSource.Tagged tagged => _resolver.ResolveAsync(tagged.Image, "DOCKER_IMAGE", cancellationToken),
        _ => _followed!.ResolveAsync(cancellationToken),
    };

    /// <summary>A digest that was found once needs no second look, so the registry may be away.</summary>
    private bool IsLastGood(ImageReference image) => _lastGood?.Pinned == image.Pin(image.Digest!);

    private static Resolution.Found Found(ImageReference image) => new(image.Pin(image.Digest!), image.ToString());

    private ImageStatus KeepLastGood(string why, string cure) => _lastGood is { } good
        ? good.ToStatus() with { Problem = $"{why}; machines stay on {good.Label}; {cure}" }
        : new ImageStatus(null, null, _source.Text, $"{why}; no machine is created or updated until it is found; {cure}");

    private void Report(ImageStatus status, Resolution resolution)
    {
        if (status.Problem is { } problem)
        {
            Unresolved(problem, resolution is Resolution.Failed failed ? failed.Details : "");
        }
        else
        {
            Resolved(status.Label ?? "", status.Digest ?? "");
        }
    }

    [LoggerMessage(500, LogLevel.Information, "The fleet's image is {Image} ({Digest})")]
    private partial void Resolved(string image, string digest);

    [LoggerMessage(501, LogLevel.Error, "The fleet's image is not resolved: {Problem} {Details}")]
    private partial void Unresolved(string problem, string details);
}
