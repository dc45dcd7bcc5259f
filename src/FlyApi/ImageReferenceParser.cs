using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace FlyApi;

/// <summary>Docker's grammar for references, narrowed to ones that name their registry: a bare <c>nginx</c> is refused,
/// because guessing Docker Hub would start somebody else's image.</summary>
internal static class ImageReferenceParser
{
    private const int MaxLength = 512;
    private const int MaxTagLength = 128;
    private const string DigestPrefix = "sha256:";
    private const string LowerAndDigits = "abcdefghijklmnopqrstuvwxyz0123456789";
    private const string Upper = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    private static readonly SearchValues<char> HexCharacters = SearchValues.Create("0123456789abcdef");
    private static readonly SearchValues<char> RepositoryCharacters = SearchValues.Create(LowerAndDigits + "._-");
    private static readonly SearchValues<char> TagCharacters = SearchValues.Create(LowerAndDigits + Upper + "._-");
    private static readonly SearchValues<char> HostCharacters = SearchValues.Create(LowerAndDigits + Upper + ".-");

    public static bool TryParse(string? text, [NotNullWhen(true)] out ImageReference? image, [NotNullWhen(false)] out string? problem)
    {
        image = null;
        problem = FindProblem(text, out var parts);
        if (problem is not null)
        {
            return false;
        }

        image = parts;
        return image is not null;
    }

    /// <summary>Digest as the registry and Fly write it: <c>sha256:</c> and 64 lower-case hex digits.</summary>
    internal static bool IsDigest([NotNullWhen(true)] string? text) =>
        text is { Length: 71 } && text.StartsWith(DigestPrefix, StringComparison.Ordinal)
        && !text.AsSpan(DigestPrefix.Length).ContainsAnyExcept(HexCharacters);

    private static string? FindProblem(string? text, out ImageReference? image)
    {
        image = null;
        if (string.IsNullOrEmpty(text))
        {
            return "is empty; expected registry/repository:tag or registry/repository@sha256:…";
        }

        if (text.Length > MaxLength)
        {
            return $"is {text.Length} characters long; at most {MaxLength} are allowed";
        }

        if (text.AsSpan().IndexOfAnyExceptInRange('!', '~') is var odd and >= 0)
        {
            return $"has a blank or a character outside ASCII at position {odd + 1}";
        }

        if (text.Contains("://", StringComparison.Ordinal))
        {
            return "starts with a scheme; leave out everything up to ://";
        }

        var name = text;
        string? digest = null;
        if (text.IndexOf('@', StringComparison.Ordinal) is var at and >= 0)
        {
            (name, digest) = (text[..at], text[(at + 1)..]);
            if (!IsDigest(digest))
            {
                return $"has a digest at position {at + 2} that is not sha256: and 64 lower-case hex digits";
            }
        }

        var slash = name.IndexOf('/', StringComparison.Ordinal);
        if (slash < 0)
        {
            return "names no registry; expected something like registry.fly.io/app:tag";
        }

        var registry = name[..slash];
        if (RegistryProblem(registry) is { } registryProblem)
        {
            return registryProblem;
        }

        string? tag = null;
        var repository = name[(slash + 1)..];
        if (repository.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0)
        {
            (repository, tag) = (repository[..colon], repository[(colon + 1)..]);
            if (TagProblem(tag) is { } tagProblem)
            {
                return tagProblem;
            }
        }

        if (RepositoryProblem(repository) is { } repositoryProblem)
        {
            return repositoryProblem;
        }

        image = new ImageReference(registry, repository, tag ?? (digest is null ? "latest" : null), digest);
        return null;
    }

    private static string? RegistryProblem(string registry)
    {
        var host = registry;
        if (registry.IndexOf(':', StringComparison.Ordinal) is var colon and >= 0)
        {
            host = registry[..colon];
            var port = registry.AsSpan(colon + 1);
            if (port.Length is 0 or > 5 || port.ContainsAnyExceptInRange('0', '9') || int.Parse(port, provider: null) is < 1 or > 65535)
            {
                return $"has a registry port '{port}' that is not between 1 and 65535";
            }
        }

        if (host.Length == 0 || host.AsSpan().ContainsAnyExcept(HostCharacters) || host[0] is '.' or '-' || host[^1] is '.' or '-')
        {
            return $"has a registry '{registry}' that is not a host name";
        }

        // Docker's own rule for telling a host from the first part of a path.
        return host.Contains('.', StringComparison.Ordinal) || host == "localhost" || host != registry
            ? null
            : $"names no registry: '{registry}' has neither a dot nor a port";
    }

    private static string? TagProblem(string tag)
    {
        if (tag.Length is 0 or > MaxTagLength)
        {
            return $"has a tag of {tag.Length} characters; 1 to {MaxTagLength} are allowed";
        }

        return tag[0] is '.' or '-' || tag.AsSpan().ContainsAnyExcept(TagCharacters)
            ? $"has a tag '{tag}' with a character other than letters, digits, '_', '.' and '-' (the last two not first)"
            : null;
    }

    private static string? RepositoryProblem(string repository)
    {
        foreach (var part in repository.Split('/'))
        {
            if (part.Length == 0)
            {
                return "has an empty part in its repository path";
            }

            if (part.AsSpan().ContainsAnyExcept(RepositoryCharacters) || !char.IsAsciiLetterOrDigit(part[0])
                || !char.IsAsciiLetterOrDigit(part[^1]))
            {
                return $"has a repository part '{part}' that is not lower-case letters and digits joined by '.', '_' or '-'";
            }
        }

        return null;
    }
}
