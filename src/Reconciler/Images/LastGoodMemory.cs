using Microsoft.Extensions.Logging;

namespace Reconciler.Images;

/// <summary>Reads the last good image once, and writes it when it changes. What could not be written (the store's
/// trouble, or not leading yet) is tried again at the next refresh: an image that resolves does not need the memory.</summary>
internal sealed partial class LastGoodMemory(ILastGoodImageStore store, ILogger logger)
{
    private bool _loaded;
    private string? _saved;

    /// <summary>Null when there is none, or it was loaded before.</summary>
    public async Task<LastGoodImage?> LoadOnceAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
        {
            return null;
        }

        try
        {
            _saved = await store.LoadAsync(cancellationToken);
            _loaded = true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            LoadFailed(exception);
            return null;
        }

        var image = _saved is null ? null : LastGoodImage.FromJson(_saved);
        if (_saved is not null && image is null)
        {
            Unreadable();
        }

        return image;
    }

    public async Task SaveAsync(LastGoodImage image, CancellationToken cancellationToken)
    {
        var json = image.ToJson();
        if (json == _saved)
        {
            return;
        }

        try
        {
            if (await store.SaveAsync(json, cancellationToken))
            {
                _saved = json;
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            SaveFailed(exception);
        }
    }

    [LoggerMessage(502, LogLevel.Warning, "The last good image could not be read; trying again at the next refresh")]
    private partial void LoadFailed(Exception exception);

    [LoggerMessage(503, LogLevel.Warning, "The last good image could not be saved; trying again at the next refresh")]
    private partial void SaveFailed(Exception exception);

    [LoggerMessage(504, LogLevel.Warning, "The saved last good image is not readable and is ignored")]
    private partial void Unreadable();
}
