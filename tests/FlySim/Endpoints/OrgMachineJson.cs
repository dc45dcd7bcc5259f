using System.Text.Json;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>A row of the organisation's list: no checks, host status, events, digest or env. Written directly, as there are thousands.</summary>
internal static class OrgMachineJson
{
    public static void Write(Utf8JsonWriter writer, SimMachine machine, ListView view, SimSettings settings, bool summary)
    {
        writer.WriteStartObject();
        writer.WriteString("id", machine.Id);
        writer.WriteString("app_name", machine.App.Name);
        writer.WriteString("name", machine.Name);
        writer.WriteString("state", view.State);
        writer.WriteString("region", view.Region);
        writer.WriteString("version", view.Version.InstanceId);
        writer.WriteString("instance_id", view.Version.InstanceId);
        writer.WriteString("private_ip", machine.PrivateIp);
        writer.WriteString("created_at", Timestamps.Of(machine.CreatedAt, settings));
        writer.WriteString("updated_at", Timestamps.Of(view.At, settings));
        if (!summary)
        {
            writer.WritePropertyName("config");
            writer.WriteRawValue(view.Version.Config.Overview, skipInputValidation: true);
        }

        writer.WriteEndObject();
    }
}
