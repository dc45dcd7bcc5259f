using Reconciler.Secrets;

namespace Reconciler.Tests.Secrets;

internal sealed class FakeKeyStore : IVerifiedKeyStore
{
    public string? Digest { get; set; }

    public bool Broken { get; set; }

    /// <summary>As before the first term of leadership.</summary>
    public bool ReadOnly { get; set; }

    public int Saves { get; private set; }

    public Task<string?> LoadAsync(CancellationToken cancellationToken) =>
        Broken ? Task.FromException<string?>(new InvalidOperationException("database is away")) : Task.FromResult(Digest);

    public Task<bool> SaveAsync(string? digest, CancellationToken cancellationToken)
    {
        if (Broken)
        {
            throw new InvalidOperationException("database is away");
        }

        if (ReadOnly)
        {
            return Task.FromResult(false);
        }

        (Digest, Saves) = (digest, Saves + 1);
        return Task.FromResult(true);
    }
}
