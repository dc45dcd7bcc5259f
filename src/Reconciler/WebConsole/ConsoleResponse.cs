using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;
using Reconciler.WebConsole.Pages;

namespace Reconciler.WebConsole;

/// <summary>How the console answers: nothing from elsewhere is loaded, nothing is kept by caches, nobody may frame it.</summary>
internal static class ConsoleResponse
{
    private const string FlashCookie = "reconciler_said";

    private const string ContentSecurityPolicy =
        "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'";

    public static Task PageAsync(HttpContext context, int status, string html)
    {
        Head(context, status, "text/html; charset=utf-8");
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }

    /// <summary>A part of a page; not sent again while it is as the browser has it.</summary>
    public static Task FragmentAsync(HttpContext context, string html)
    {
        var body = Encoding.UTF8.GetBytes(html);
        var tag = $"\"{Convert.ToHexStringLower(SHA256.HashData(body).AsSpan(0, 8))}\"";
        Head(context, StatusCodes.Status200OK, "text/html; charset=utf-8");
        context.Response.Headers.CacheControl = "no-cache, private";
        context.Response.Headers.ETag = tag;
        if (context.Request.Headers.IfNoneMatch == tag)
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    public static Task TextAsync(HttpContext context, string text)
    {
        Head(context, StatusCodes.Status200OK, "text/plain; charset=utf-8");
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    public static Task AssetAsync(HttpContext context, byte[] body, string type)
    {
        Head(context, StatusCodes.Status200OK, type);
        context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }

    /// <summary>After a form: the browser gets the next page anew.</summary>
    public static Task SeeOther(HttpContext context, string path, Flash? said = null)
    {
        Head(context, StatusCodes.Status303SeeOther, "text/plain; charset=utf-8");
        context.Response.Headers.Location = path;
        if (said is not null)
        {
            context.Response.Cookies.Append(
                FlashCookie, (said.Good ? "1" : "0") + WebEncoders.Base64UrlEncode(Encoding.UTF8.GetBytes(said.Message)), Cookie(context, TimeSpan.FromMinutes(1)));
        }

        return Task.CompletedTask;
    }

    /// <summary>What the last action said, once.</summary>
    public static Flash? TakeFlash(HttpContext context)
    {
        if (context.Request.Cookies[FlashCookie] is not { Length: > 1 and < 2_000 } cookie)
        {
            return null;
        }

        context.Response.Cookies.Delete(FlashCookie, Cookie(context, null));
        try
        {
            return new Flash(cookie[0] == '1', Encoding.UTF8.GetString(WebEncoders.Base64UrlDecode(cookie[1..])));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    public static CookieOptions Cookie(HttpContext context, TimeSpan? age) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = context.Request.IsHttps,
        Path = "/",
        MaxAge = age,
        IsEssential = true,
    };

    /// <summary>A path of our own, or the start page.</summary>
    public static string OwnPath(string? path) =>
        path is ['/', ..] and not (['/', '/' or '\\', ..] or { Length: > 300 }) && !path.Any(char.IsControl) ? path : "/";

    private static void Head(HttpContext context, int status, string type)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = type;
        response.Headers.ContentSecurityPolicy = ContentSecurityPolicy;
        response.Headers.XContentTypeOptions = "nosniff";
        response.Headers["Referrer-Policy"] = "same-origin";
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
