using System.Diagnostics.CodeAnalysis;
using FlyApi;

namespace Reconciler.Images;

/// <summary>What DOCKER_IMAGE says: the closed set of ways to name the fleet's image.</summary>
public abstract record ImageSource
{
    /// <summary>Begins a source that follows the image of an app: <c>follow:vyx-app</c>.</summary>
    public const string FollowPrefix = "follow:";

    private ImageSource()
    {
    }

    /// <summary>As the operator wrote it.</summary>
    public abstract string Text { get; }

    /// <summary>One image for ever.</summary>
    public sealed record Exact(ImageReference Image) : ImageSource
    {
        public override string Text => Image.ToString();
    }

    /// <summary>Whatever the tag means at each look.</summary>
    public sealed record Tagged(ImageReference Image) : ImageSource
    {
        public override string Text => Image.ToString();
    }

    /// <summary>Whatever the machines of an app run at each look.</summary>
    public sealed record Following(string AppName) : ImageSource
    {
        public override string Text => FollowPrefix + AppName;
    }

    public static bool TryParse(string text, [NotNullWhen(true)] out ImageSource? source, [NotNullWhen(false)] out string? problem)
    {
        source = null;
        if (text.StartsWith(FollowPrefix, StringComparison.Ordinal))
        {
            var app = text[FollowPrefix.Length..];
            var valid = app.Length is > 0 and <= 63 && app.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
            source = valid ? new Following(app) : null;
            problem = valid ? null : "after follow: comes the name of a Fly app (lower-case letters, digits, dashes)";
            return valid;
        }

        if (!ImageReference.TryParse(text, out var image, out problem))
        {
            return false;
        }

        source = image.Digest is null ? new Tagged(image) : new Exact(image);
        return true;
    }

    public sealed override string ToString() => Text;
}
