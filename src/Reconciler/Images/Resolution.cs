using FlyApi;
using Reconciler.Model;

namespace Reconciler.Images;

/// <summary>The outcome of one look for an image.</summary>
internal abstract record Resolution
{
    private Resolution()
    {
    }

    public sealed record Found(ImageReference Pinned, string Label) : Resolution
    {
        public ImageStatus ToStatus() => new(Pinned.ToString(), Pinned.Digest, Label, Problem: null);
    }

    /// <summary>The first two texts stay the same for as long as the cause does, because they end in every user's condition: no
    /// request id, no time, no count. The details are for the log.</summary>
    public sealed record Failed(string Why, string Cure, string Details = "") : Resolution;

    /// <summary>The followed app is being deployed right now: the answer of a moment ago is still the best one.</summary>
    public sealed record Unsettled(string Why) : Resolution;
}
