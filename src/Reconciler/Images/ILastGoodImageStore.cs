namespace Reconciler.Images;

/// <summary>Keeps the last good image across restarts; the document is the catalog's own.</summary>
public interface ILastGoodImageStore
{
    /// <summary>The document last saved, or null.</summary>
    Task<string?> LoadAsync(CancellationToken cancellationToken);

    /// <returns>False when this replica may not write now: a standby, or before the first term of leadership.</returns>
    Task<bool> SaveAsync(string json, CancellationToken cancellationToken);
}
