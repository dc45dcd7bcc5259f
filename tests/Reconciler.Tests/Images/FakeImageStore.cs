using Reconciler.Images;

namespace Reconciler.Tests.Images;

internal sealed class FakeImageStore : ILastGoodImageStore
{
    public string? Json { get; set; }

    public bool Broken { get; set; }

    /// <summary>As before the first term of leadership.</summary>
    public bool ReadOnly { get; set; }

    public int Saves { get; private set; }

    public Task<string?> LoadAsync(CancellationToken cancellationToken) =>
        Broken ? Task.FromException<string?>(new InvalidOperationException("database is away")) : Task.FromResult(Json);

    public Task<bool> SaveAsync(string json, CancellationToken cancellationToken)
    {
        if (Broken)
        {
            throw new InvalidOperationException("database is away");
        }

        if (ReadOnly)
        {
            return Task.FromResult(false);
        }

        (Json, Saves) = (json, Saves + 1);
        return Task.FromResult(true);
    }
}
