using Reconciler.Model;

namespace Reconciler.Images;

/// <summary>Which image users should run: resolved before any machine is touched, and remembered when the registry is away.</summary>
public interface IImageCatalog
{
    /// <summary>The fleet's image as it stands; never does I/O.</summary>
    ImageStatus Fleet { get; }

    /// <summary>The image of an override as it stands; one never asked for before is unresolved until it was looked up.</summary>
    ImageStatus ForOverride(string reference);

    /// <summary>Looks up the overrides that were asked for and never looked up, and waits for those that others look up: a process
    /// that has just begun must not call them unresolved. True when there were any.</summary>
    Task<bool> LookUpNewAsync(CancellationToken cancellationToken) => Task.FromResult(false);

    /// <summary>Resolves the configured image, and the overrides asked for since, anew. True when something changed.
    /// Never throws for Fly's or the registry's trouble: that becomes <see cref="ImageStatus.Problem"/>.</summary>
    Task<bool> RefreshAsync(CancellationToken cancellationToken);
}
