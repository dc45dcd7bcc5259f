using Reconciler.Configuration;

namespace Reconciler.WebConsole.Access;

/// <summary>What the one who asks may do, for the pages to show and the endpoints to enforce.</summary>
/// <param name="Enabled">A token is configured.</param>
/// <param name="Session">Null = not signed in.</param>
/// <param name="FormToken">For the forms of the session; empty without one.</param>
internal sealed record Viewer(bool Enabled, Session? Session, string FormToken)
{
    public static Viewer ReadOnly { get; } = new(false, null, "");
}

/// <summary>Who may act: nobody without a token, else the sessions that were opened with it, from where they may.</summary>
internal sealed class ConsoleAccess
{
    public const string Cookie = "reconciler_console";

    private readonly ConsoleSettings _settings;

    public ConsoleAccess(ConsoleSettings settings, TimeProvider time)
    {
        _settings = settings;
        Codec = settings.Token is { } token ? new SessionCodec(token, time) : null;
        Limiter = new SignInLimiter(time);
    }

    /// <summary>Null = read-only.</summary>
    public SessionCodec? Codec { get; }

    public SignInLimiter Limiter { get; }

    public Viewer ViewerOf(HttpRequest request)
    {
        if (Codec is null)
        {
            return Viewer.ReadOnly;
        }

        var session = Codec.Read(request.Cookies[Cookie]);
        return new Viewer(true, session, session is null ? "" : Codec.FormToken(session));
    }

    /// <summary>Why a request may not change anything or sign in, whoever it is from; null = it may.</summary>
    public string? Refusal(HttpContext context)
    {
        if (Codec is null)
        {
            return "The console is read-only: no token is configured (Reconciler__Console__Token).";
        }

        if (!RequestOrigin.IsOwnPage(context.Request))
        {
            return "The request does not come from a page of this console.";
        }

        return _settings.AllowPublicActions || RequestOrigin.IsPrivate(context.Request, context.Connection.RemoteIpAddress)
            ? null
            : "Actions are taken from the private network only (Reconciler__Console__AllowPublicActions would change that).";
    }
}
