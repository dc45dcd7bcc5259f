namespace Reconciler.Secrets;

/// <summary>Remembers which service key was last verified, so that a restart while Supabase is away blocks nobody.</summary>
public interface IVerifiedKeyStore
{
    /// <summary>The keyed digest last saved, or null.</summary>
    Task<string?> LoadAsync(CancellationToken cancellationToken);

    /// <param name="digest">Null forgets: the key that was good has been refused since.</param>
    /// <returns>False when this replica may not write now: a standby, or before the first term of leadership.</returns>
    Task<bool> SaveAsync(string? digest, CancellationToken cancellationToken);
}
