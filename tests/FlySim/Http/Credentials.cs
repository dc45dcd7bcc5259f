using System.Text;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Http;

/// <summary>Who may ask: each realm has its own way to say so and to refuse.</summary>
internal static class Credentials
{
    public static Reply? Refusal(Call call) => call.Operation.Realm switch
    {
        Realm.MachinesApi when !HoldsToken(call) => Reply.Failed(401, "unauthorized: token is missing, invalid or expired"),
        Realm.Registry when !HoldsToken(call) && !HoldsBasic(call) => RegistryRefusal(),
        _ => null,
    };

    private static bool HoldsToken(Call call)
    {
        var header = Header(call);
        return (Has(header, "FlyV1 ") || Has(header, "Bearer ")) && World.Bare(header) == call.World.Token;
    }

    // The user's name is "x" in Fly's own tools; only the password counts.
    private static bool HoldsBasic(Call call)
    {
        var header = Header(call);
        if (!Has(header, "Basic "))
        {
            return false;
        }

        var buffer = new byte[header.Length];
        return Convert.TryFromBase64String(header["Basic ".Length..].Trim(), buffer, out var length)
            && Encoding.UTF8.GetString(buffer, 0, length).Split(':', 2) is [_, var password]
            && password == call.World.Token;
    }

    private static string Header(Call call) => call.Request.Header("Authorization") ?? "";

    private static bool Has(string header, string scheme) => header.StartsWith(scheme, StringComparison.OrdinalIgnoreCase);

    private static Reply RegistryRefusal() =>
        RegistryErrors.Reply(new RefusedException(401, "authentication required", "UNAUTHORIZED"))
            .WithHeader("WWW-Authenticate", "Basic realm=\"registry.fly.io\"");
}
