using System.Buffers;
using Reconciler.Health;
using Reconciler.Model;
using Reconciler.Texts;

namespace Reconciler.Configuration;

/// <summary>Decides what of a wrong value may be shown: secrets do get pasted into the wrong variable.</summary>
internal sealed class ShownValues
{
    private const int MaxLength = 80;
    private const int LeastSecretLength = 6;

    private static readonly SearchValues<string> SecretMarks = SearchValues.Create(
        ["FlyV1", "fm1r_", "fm1a_", "fm2_", "fo1_", "sb_secret_", "sbp_", "eyJ", "AIza", "password", "postgres://", "postgresql://"],
        StringComparison.OrdinalIgnoreCase);

    private readonly List<string> _secrets = [];

    /// <summary>Nothing that contains this is shown from now on.</summary>
    public void Hide(string secret)
    {
        if (secret.Length >= LeastSecretLength)
        {
            _secrets.Add(secret);
        }
    }

    public string Show(string value) =>
        LooksSecret(value) ? "a value that is not shown, because it looks like a secret" : $"'{UntrustedText.Clean(value, MaxLength)}'";

    public bool LooksSecret(string value) =>
        value.AsSpan().ContainsAny(SecretMarks)
            || value.StartsWith("sk-", StringComparison.Ordinal)
            || (value.Contains("://", StringComparison.Ordinal) && value.Contains('@', StringComparison.Ordinal))
            || _secrets.Exists(secret => value.Contains(secret, StringComparison.Ordinal));
}
