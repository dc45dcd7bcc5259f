using System.Buffers.Text;
using System.Text;

namespace Reconciler.Tests.Secrets;

/// <summary>Service keys as Supabase makes them, with a signature that means nothing.</summary>
internal static class Keys
{
    public const string Url = "https://abcdefghijklmnopqrst.supabase.co";
    public const string Opaque = "sb_secret_0123456789abcdef";

    public static DateTimeOffset Now { get; } = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static string Jwt(string role = "service_role", string project = "abcdefghijklmnopqrst", double expiresInDays = 365) =>
        JwtOf($$"""{"iss":"supabase","ref":"{{project}}","role":"{{role}}","iat":1,"exp":{{Now.AddDays(expiresInDays).ToUnixTimeSeconds()}}}""");

    public static string JwtOf(string payload) => $"{Encode("""{"alg":"HS256","typ":"JWT"}""")}.{Encode(payload)}.c2lnbmF0dXJl";

    private static string Encode(string json) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
}
