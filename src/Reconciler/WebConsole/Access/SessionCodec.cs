using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Reconciler.Secrets;

namespace Reconciler.WebConsole.Access;

/// <summary>Who is signed in, and until when.</summary>
/// <param name="Id">Random; what form tokens are bound to.</param>
/// <param name="Owner">The name that the operator gave, for the journal.</param>
internal sealed record Session(string Id, string Owner, DateTimeOffset Expires);

/// <summary>
/// Sessions as signed cookies: nothing is kept, so they survive a restart and a change of leader. The keys are derived from the token
/// and a cookie tells nothing about it; another token ends every session.
/// </summary>
internal sealed class SessionCodec(SecretText token, TimeProvider time)
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(8);

    private const int MaxCookie = 1_000;

    private readonly byte[] _sessionKey = Derive(token, "reconciler console: session");
    private readonly byte[] _formKey = Derive(token, "reconciler console: form");
    private readonly byte[] _tokenKey = RandomNumberGenerator.GetBytes(32);

    /// <summary>Takes the same time whatever is wrong, the length included.</summary>
    public bool IsToken(string offered) => CryptographicOperations.FixedTimeEquals(
        HMACSHA256.HashData(_tokenKey, Encoding.UTF8.GetBytes(offered)),
        HMACSHA256.HashData(_tokenKey, Encoding.UTF8.GetBytes(token.Reveal())));

    public (Session Session, string Cookie) Open(string owner)
    {
        var session = new Session(Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)), owner, time.GetUtcNow() + Lifetime);
        var payload = Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture, $"{session.Expires.ToUnixTimeSeconds()}\n{session.Id}\n{session.Owner}"));
        return (session, $"{Base64Url.EncodeToString(payload)}.{Base64Url.EncodeToString(HMACSHA256.HashData(_sessionKey, payload))}");
    }

    /// <summary>Null for a cookie that is forged, changed or over.</summary>
    public Session? Read(string? cookie)
    {
        if (cookie is null or { Length: > MaxCookie } || cookie.Split('.') is not [var body, var seal]
            || Decode(body) is not { } payload || Decode(seal) is not { } signature
            || !CryptographicOperations.FixedTimeEquals(signature, HMACSHA256.HashData(_sessionKey, payload)))
        {
            return null;
        }

        // Signed, so it is as it was written above.
        var parts = Encoding.UTF8.GetString(payload).Split('\n', 3);
        var session = new Session(parts[1], parts[2], DateTimeOffset.FromUnixTimeSeconds(long.Parse(parts[0], CultureInfo.InvariantCulture)));
        return session.Expires > time.GetUtcNow() ? session : null;
    }

    /// <summary>What each form of a session carries; another site cannot know it.</summary>
    public string FormToken(Session session) => Base64Url.EncodeToString(HMACSHA256.HashData(_formKey, Encoding.UTF8.GetBytes(session.Id)));

    public bool IsFormToken(Session session, string? offered) => CryptographicOperations.FixedTimeEquals(
        Encoding.UTF8.GetBytes(FormToken(session)), Encoding.UTF8.GetBytes(offered ?? ""));

    private static byte[] Derive(SecretText token, string purpose) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(token.Reveal()), Encoding.UTF8.GetBytes(purpose));

    private static byte[]? Decode(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}
