using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    private int _ipNumber;

    internal static long OrgNumber(string org) => org.Aggregate(7L, (hash, c) => ((hash * 31) + c) % 1_000_000);

    internal SimIp AddIp(SimApp app, string? type, string? region)
    {
        var address = type switch
        {
            "v4" => $"149.248.{++_ipNumber / 250}.{(_ipNumber % 250) + 1}",
            "shared_v4" => "66.241.124.1",
            "v6" => $"2a09:8280:1::{++_ipNumber:x}",
            "private_v6" => $"fdaa:2:0:1::{++_ipNumber:x}",
            _ => throw new RefusedException(422, $"invalid_argument: type '{type}' must be v4, v6, shared_v4 or private_v6"),
        };
        if (app.Ips.Find(ip => ip.Address == address) is { } held)
        {
            return held; // an app has the shared address once
        }

        var added = new SimIp(address, type, region, Now);
        app.Ips.Add(added);
        return added;
    }

    internal static void RemoveIp(SimApp app, string address)
    {
        if (app.Ips.RemoveAll(ip => ip.Address == address) == 0)
        {
            throw new RefusedException(404, "ip assignment not found");
        }
    }
}
