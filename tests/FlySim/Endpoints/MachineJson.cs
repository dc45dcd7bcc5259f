using System.Text.Json;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>A machine as the API shows it. Written directly: a controller looks at machines more than it does anything else.</summary>
internal static class MachineJson
{
    private const int ShownEvents = 20;

    /// <param name="view">The state to show when a list lags; null shows what is true now.</param>
    /// <param name="nonce">Of the lease that the request took.</param>
    public static void Write(
        Utf8JsonWriter writer, SimMachine machine, SimSettings settings, DateTimeOffset now, ListView? view = null, string? nonce = null)
    {
        writer.WriteStartObject();
        WriteCommon(writer, machine, settings, view);
        var version = view?.Version ?? machine.Current;
        if (machine.HostOk)
        {
            WriteRaw(writer, "config", version.Config.Json);
            WriteImageRef(writer, version.Image);
        }
        else
        {
            writer.WriteNull("config");
            WriteRaw(writer, "incomplete_config", version.Config.Incomplete);
            writer.WriteStartObject("image_ref");
            writer.WriteEndObject();
        }

        writer.WriteString("host_status", machine.HostStatus);
        writer.WritePropertyName("events");
        WriteEvents(writer, machine, ShownEvents, now);
        writer.WriteStartArray("checks");
        foreach (var check in CheckResults.Of(machine, settings, now))
        {
            check.Write(writer);
        }

        writer.WriteEndArray();
        if (nonce is not null)
        {
            writer.WriteString("nonce", nonce);
        }

        writer.WriteEndObject();
    }

    public static void WriteSummary(Utf8JsonWriter writer, SimMachine machine, SimSettings settings, ListView? view)
    {
        writer.WriteStartObject();
        WriteCommon(writer, machine, settings, view);
        writer.WriteEndObject();
    }

    public static void WriteEvents(Utf8JsonWriter writer, SimMachine machine, int limit, DateTimeOffset asOf)
    {
        writer.WriteStartArray();
        foreach (var happened in machine.Events)
        {
            if (happened.At > asOf)
            {
                continue;
            }

            if (limit-- == 0)
            {
                break;
            }

            writer.WriteRawValue(happened.Json, skipInputValidation: true);
        }

        writer.WriteEndArray();
    }

    private static void WriteCommon(Utf8JsonWriter writer, SimMachine machine, SimSettings settings, ListView? view)
    {
        writer.WriteString("id", machine.Id);
        writer.WriteString("name", machine.Name);
        writer.WriteString("state", view?.State ?? machine.State);
        writer.WriteString("region", view?.Region ?? machine.Region);
        writer.WriteString("instance_id", (view?.Version ?? machine.Current).InstanceId);
        writer.WriteString("private_ip", machine.PrivateIp);
        writer.WriteString("created_at", Timestamps.Of(machine.CreatedAt, settings));
        writer.WriteString("updated_at", Timestamps.Of(view?.At ?? machine.UpdatedAt, settings));
    }

    private static void WriteImageRef(Utf8JsonWriter writer, ResolvedImage image)
    {
        writer.WriteStartObject("image_ref");
        writer.WriteString("registry", image.Registry);
        writer.WriteString("repository", image.Repository);
        writer.WriteString("tag", image.Tag ?? "");
        writer.WriteString("digest", image.Image.Digest);
        writer.WriteEndObject();
    }

    private static void WriteRaw(Utf8JsonWriter writer, string name, ReadOnlySpan<byte> json)
    {
        writer.WritePropertyName(name);
        writer.WriteRawValue(json, skipInputValidation: true);
    }
}
