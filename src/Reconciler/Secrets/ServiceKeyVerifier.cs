using Microsoft.Extensions.Logging;

namespace Reconciler.Secrets;

/// <summary>
/// Decides whether the service key may be rolled out: a bad one would stop every user's trading at once. Looks at its form, then
/// asks Supabase. Verdicts are called for by one loop at a time.
/// </summary>
/// <param name="handler">Sends the request; it must not follow redirects, which would hand the key to another host.</param>
/// <param name="online">False: the form alone decides.</param>
/// <param name="digestKey">Keys the digest under which a verified key is remembered.</param>
public sealed partial class ServiceKeyVerifier(
    MachineSecrets secrets,
    bool online,
    HttpMessageHandler handler,
    TimeProvider time,
    IVerifiedKeyStore store,
    byte[] digestKey,
    ILogger<ServiceKeyVerifier> logger)
{
    private readonly SupabaseKeyCheck _check = new(handler, time);
    private readonly string _digest =
        KeyedDigest.Compute(digestKey, ["service-key", secrets.SupabaseUrl, secrets.ServiceRoleKey.Reveal()], hexDigits: 32);

    private bool _loaded;
    private string? _saved;
    private bool _verified;

    /// <summary>Never throws for the network's or the store's trouble.</summary>
    public async Task<KeyVerdict> VerifyAsync(CancellationToken cancellationToken)
    {
        var form = ServiceKeyForm.Inspect(secrets.ServiceRoleKey, secrets.SupabaseUrl, time.GetUtcNow());
        if (form.Problem is not null || !online)
        {
            return form;
        }

        await LoadAsync(cancellationToken);
        switch (await _check.AskAsync(secrets.SupabaseUrl, secrets.ServiceRoleKey, cancellationToken))
        {
            case KeyAnswer.Accepted:
                await RememberAsync(verified: true, cancellationToken);
                return form;
            case KeyAnswer.Refused:
                await RememberAsync(verified: false, cancellationToken);
                return KeyVerdict.Bad(
                    $"Supabase refuses {SecretNames.SupabaseServiceRoleKey} at {secrets.SupabaseUrl} (invalid API key): it was revoked, or it belongs to another project; machines keep the secrets they have until it is replaced");
            default:
                return _verified
                    ? form
                    : KeyVerdict.Bad(
                        $"{SecretNames.SupabaseServiceRoleKey} could not be verified, because {secrets.SupabaseUrl} gives no usable answer; machines keep the secrets they have, and it is tried again by itself; if it lasts, check {SecretNames.SupabaseUrl}");
        }
    }

    private async Task LoadAsync(CancellationToken cancellationToken)
    {
        if (_loaded)
        {
            return;
        }

        try
        {
            _saved = await store.LoadAsync(cancellationToken);
            _verified = _verified || _saved == _digest;
            _loaded = true;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Only an outage of Supabase at the same time would make the memory matter; the next verification reads it again.
            LoadFailed(exception);
        }
    }

    private async Task RememberAsync(bool verified, CancellationToken cancellationToken)
    {
        _verified = verified;
        var wanted = verified ? _digest : null;
        if (!_loaded || _saved == wanted || (!verified && _saved != _digest))
        {
            return;
        }

        try
        {
            if (await store.SaveAsync(wanted, cancellationToken))
            {
                _saved = wanted;
            }
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The verdict stands without its memory; the next verification saves it again.
            SaveFailed(exception);
        }
    }

    [LoggerMessage(520, LogLevel.Warning, "The last verified service key could not be read; trying again at the next verification")]
    private partial void LoadFailed(Exception exception);

    [LoggerMessage(521, LogLevel.Warning, "The verified service key could not be remembered; trying again at the next verification")]
    private partial void SaveFailed(Exception exception);
}
