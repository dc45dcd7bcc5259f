using System.Diagnostics.CodeAnalysis;
using System.Net;
using Reconciler.Health;

namespace Reconciler.Configuration;

/// <summary>Reads where the controller answers, and where machines do.</summary>
internal static class HttpSection
{
    private const string DefaultProbe = "http://{machine}.vm.{app}.internal:8080/health";

    public static HttpSettings Read(SettingsReader reader) => new(
        reader.Read<IPAddress?>(
            "Reconciler:HttpBind", null, "an IP address such as [::] or 127.0.0.1, localhost, or * for every interface", Formats.TryBind, "*"),
        reader.Whole("Reconciler:HttpPort", 9091, 0, 65_535));

    public static HealthProbeSettings ReadProbe(SettingsReader reader) => new(
        ReadAddress(reader),
        reader.Duration("Reconciler:HealthProbe:Timeout", TimeSpan.FromSeconds(5), TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)));

    /// <summary>Here an empty value means something: off.</summary>
    private static ProbeAddress? ReadAddress(SettingsReader reader)
    {
        const string Name = "Reconciler:HealthProbe:UrlTemplate";
        return reader.Verbatim(Name) is { } text && string.IsNullOrWhiteSpace(text)
            ? null
            : reader.Read<ProbeAddress?>(
                Name,
                Parse(DefaultProbe),
                "an http:// or https:// address with {machine}, {app} or both in it, or nothing at all to ask no machine",
                TryParse,
                DefaultProbe);
    }

    private static bool TryParse(string text, out ProbeAddress? address) => ProbeAddress.TryParse(text, out address);

    private static ProbeAddress? Parse(string text) => ProbeAddress.TryParse(text, out var address) ? address : null;
}
