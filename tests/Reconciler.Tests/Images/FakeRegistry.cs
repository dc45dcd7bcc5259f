using FlyApi;

namespace Reconciler.Tests.Images;

/// <summary>A registry that holds what a test pushes.</summary>
internal sealed class FakeRegistry : IImageRegistry
{
    private readonly Dictionary<string, string> _digests = [];

    /// <summary>When set, every look fails with this.</summary>
    public FlyErrorClass? Trouble { get; set; }

    public int Looks { get; private set; }

    public static string Digest(char digit) => "sha256:" + new string(digit, 64);

    public FakeRegistry Push(string reference, char digit)
    {
        _digests[reference] = Digest(digit);
        return this;
    }

    public Task<string?> FindDigestAsync(ImageReference image, CancellationToken cancellationToken)
    {
        Looks++;
        return Trouble is { } error
            ? Task.FromException<string?>(new FlyApiException(error, "registry.manifest", null, "request 12345 failed", "fly-req-1"))
            : Task.FromResult(_digests.GetValueOrDefault(image.ToString()));
    }
}
