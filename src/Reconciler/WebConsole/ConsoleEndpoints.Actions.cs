using System.Globalization;
using Microsoft.AspNetCore.Http.Features;
using Reconciler.Telemetry;
using Reconciler.Texts;
using Reconciler.WebConsole.Access;
using Reconciler.WebConsole.Actions;
using Reconciler.WebConsole.Pages;
using Store;

namespace Reconciler.WebConsole;

internal sealed partial class ConsoleEndpoints
{
    private const int MaxForm = 16 * 1024;

    private void MapActions(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/session", context => SignInPageAsync(context, StatusCodes.Status200OK, ConsoleResponse.OwnPath(context.Request.Query["to"]), null));
        routes.MapPost("/session", SignInAsync);
        routes.MapPost("/session/end", SignOutAsync);
        Action(routes, "/actions/force", _actions.ForceAsync);
        Action(routes, "/actions/pause", _actions.PauseAsync);
        Action(routes, "/actions/unpause", _actions.UnpauseAsync);
        Action(routes, "/actions/release-hold", _actions.ReleaseHoldAsync);
        Action(routes, "/actions/approve", _actions.ApproveAsync);
        foreach (var kind in (string[])["pause", "resume", "promote", "abort", "retry"])
        {
            Action(routes, "/actions/rollout-" + kind, (form, cancellationToken) => _actions.RolloutAsync(kind, form, cancellationToken));
        }
    }

    private void Action(IEndpointRouteBuilder routes, string path, Func<ActionForm, CancellationToken, Task<ActionResult>> act) =>
        routes.MapPost(path, context => ActAsync(context, act));

    private async Task SignInAsync(HttpContext context)
    {
        if (await AllowedFormAsync(context) is not { } form)
        {
            return;
        }

        var (codec, address) = (_access.Codec!, AddressOf(context));
        var returnTo = ConsoleResponse.OwnPath(form["to"]);
        if (_access.Limiter.Wait(address) is var wait && wait > TimeSpan.Zero)
        {
            var seconds = (int)Math.Ceiling(wait.TotalSeconds);
            context.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
            await SignInPageAsync(context, StatusCodes.Status429TooManyRequests, returnTo, $"Too many wrong tokens; try again in {seconds} s.");
            return;
        }

        var owner = UntrustedText.Clean(form["owner"].ToString().Trim(), ActionForm.MaxOwner);
        if (!codec.IsToken(form["token"].ToString().Trim()))
        {
            _access.Limiter.Wrong(address);
            ConsoleLog.WrongToken(_logger, address);
            await SignInPageAsync(context, StatusCodes.Status403Forbidden, returnTo, "That is not the token.");
            return;
        }

        if (owner.Length == 0)
        {
            await SignInPageAsync(context, StatusCodes.Status400BadRequest, returnTo, "A name is needed: it stands in the journal.");
            return;
        }

        var (_, cookie) = codec.Open(owner);
        context.Response.Cookies.Append(ConsoleAccess.Cookie, cookie, ConsoleResponse.Cookie(context, SessionCodec.Lifetime));
        ConsoleLog.SignedIn(_logger, UntrustedText.ForLog(owner), address);
        await ConsoleResponse.SeeOther(context, returnTo);
    }

    private async Task SignOutAsync(HttpContext context)
    {
        if (await SignedFormAsync(context) is not null)
        {
            context.Response.Cookies.Delete(ConsoleAccess.Cookie, ConsoleResponse.Cookie(context, null));
            await ConsoleResponse.SeeOther(context, "/", new Flash(true, "Signed out."));
        }
    }

    private async Task ActAsync(HttpContext context, Func<ActionForm, CancellationToken, Task<ActionResult>> act)
    {
        if (await SignedFormAsync(context) is not var (fields, session))
        {
            return;
        }

        if (!ActionForm.TryRead(fields, session.Owner, out var form, out var problem))
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, problem);
            return;
        }

        try
        {
            var result = await act(form, context.RequestAborted);
            await ConsoleResponse.SeeOther(context, form.User is { } user ? $"/users/{user}" : "/", new Flash(result.Done, result.Message));
        }
        catch (Exception exception) when (exception is StoreUnavailableException or StoreSchemaException)
        {
            await RefuseAsync(context, StatusCodes.Status503ServiceUnavailable, $"The database is not available, and whether it was done is not known: {exception.Message}");
        }
    }

    /// <summary>The form of somebody who is signed in, with the token that only our own pages know; otherwise the refusal is sent.</summary>
    private async Task<(IFormCollection Fields, Session Session)?> SignedFormAsync(HttpContext context)
    {
        if (await AllowedFormAsync(context) is not { } fields)
        {
            return null;
        }

        if (_access.ViewerOf(context.Request).Session is not { } session)
        {
            await RefuseAsync(context, StatusCodes.Status401Unauthorized, "You are not signed in, or the session is over.");
            return null;
        }

        if (!_access.Codec!.IsFormToken(session, fields["form"]))
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, "The form is not one of this session: open the page again.");
            return null;
        }

        return (fields, session);
    }

    /// <summary>The form, when actions are possible from where the request comes; otherwise the refusal is sent.</summary>
    private async Task<IFormCollection?> AllowedFormAsync(HttpContext context)
    {
        if (_access.Refusal(context) is { } why)
        {
            await RefuseAsync(context, StatusCodes.Status403Forbidden, why);
            return null;
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = MaxForm;
        }

        try
        {
            return await context.Request.ReadFormAsync(context.RequestAborted);
        }
        catch (Exception exception) when (exception is InvalidOperationException or InvalidDataException or BadHttpRequestException)
        {
            await RefuseAsync(context, StatusCodes.Status400BadRequest, "The form cannot be read.");
            return null;
        }
    }

    private Task RefuseAsync(HttpContext context, int status, string why)
    {
        ConsoleLog.Refused(_logger, UntrustedText.ForLog(context.Request.Path), AddressOf(context), why);
        return PlainAsync(context, status, "Not done – Reconciler", page => PlainPages.Refused(page, why));
    }

    private Task SignInPageAsync(HttpContext context, int status, string returnTo, string? problem) => _access.Codec is null
        ? PlainAsync(context, StatusCodes.Status404NotFound, "Read-only – Reconciler", page => PlainPages.Refused(
            page, "The console is read-only: no token is configured (Reconciler__Console__Token)."))
        : PlainAsync(context, status, "Sign in – Reconciler", page => PlainPages.SignIn(page, returnTo, problem));

    private static string AddressOf(HttpContext context) => context.Connection.RemoteIpAddress?.ToString() ?? "unknown";
}
