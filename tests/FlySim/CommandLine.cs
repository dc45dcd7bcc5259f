using System.Globalization;
using System.Net;

namespace FlySim;

/// <summary>Reads <c>--name value</c> pairs into options.</summary>
internal static class CommandLine
{
    public const string Usage = """
        FlySim: a simulator of the Fly Machines API and its image registry.

          --port N              port to listen on (0 = any)             default 4280
          --host IP             address to listen on                    default 127.0.0.1
          --org SLUG            the token's organisation                default vyx
          --token T             the accepted token                      default sim-token
          --default-region R    where a create without region lands     default sjc
          --seed S              of ids and of the faults' dice          default 1
          --latency-ms A        added to every answer
          --boot-ms B           from create or start to started
          --update-ms U         length of "replacing"
          --list-lag-ms L       how old the lists' view is
          --secrets-lag-ms L    how old the secrets of an unversioned launch may be
          --grace-scale F       multiplies the checks' grace periods
          --rate-limits on|off  Fly's published limits                  default on
          --rate-limit-scale F  multiplies them

        Everything else is set through the admin API under /_sim.
        """;

    /// <exception cref="FormatException">An unknown name, a missing value, or one that cannot be read.</exception>
    public static FlySimOptions Parse(IReadOnlyList<string> args)
    {
        var options = new FlySimOptions { Port = 4280 };
        for (var i = 0; i < args.Count; i += 2)
        {
            var value = i + 1 < args.Count ? args[i + 1] : throw new FormatException($"{args[i]} needs a value");
            options = Apply(options, args[i], value);
        }

        return options;
    }

    private static FlySimOptions Apply(FlySimOptions options, string name, string value)
    {
        var settings = options.Settings;
        return name switch
        {
            "--port" => options with { Port = Integer(name, value) },
            "--host" => options with { Host = Address(name, value) },
            "--org" => options with { Org = value },
            "--token" => options with { Token = value },
            "--default-region" => options with { DefaultRegion = value },
            "--seed" => options with { Seed = Integer(name, value) },
            "--latency-ms" => options with { Settings = settings with { LatencyMs = Integer(name, value) } },
            "--boot-ms" => options with { Settings = settings with { BootMs = Integer(name, value) } },
            "--update-ms" => options with { Settings = settings with { UpdateMs = Integer(name, value) } },
            "--list-lag-ms" => options with { Settings = settings with { ListLagMs = Integer(name, value) } },
            "--secrets-lag-ms" => options with { Settings = settings with { SecretsLagMs = Integer(name, value) } },
            "--grace-scale" => options with { Settings = settings with { GraceScale = Number(name, value) } },
            "--rate-limits" => options with { Settings = settings with { RateLimits = OnOff(name, value) } },
            "--rate-limit-scale" => options with { Settings = settings with { RateLimitScale = Number(name, value) } },
            _ => throw new FormatException($"unknown option {name}"),
        };
    }

    private static string Address(string name, string value) =>
        IPAddress.TryParse(value, out _) ? value : throw new FormatException($"{name}: '{value}' is not an IP address");

    private static int Integer(string name, string value) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new FormatException($"{name}: '{value}' is not a whole number");

    private static double Number(string name, string value) =>
        double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0
            ? number
            : throw new FormatException($"{name}: '{value}' is not a number");

    private static bool OnOff(string name, string value) => value switch
    {
        "on" => true,
        "off" => false,
        _ => throw new FormatException($"{name}: '{value}' is neither on nor off"),
    };
}
