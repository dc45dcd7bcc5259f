using System.Text.Json;
using FlyApi.Contracts;

namespace FlyApi.Wire;

/// <summary>Reads one row of the organisation's list; the reader stands on the row's opening brace.</summary>
internal static class OrgMachineRow
{
    public static OrgMachine Read(ref Utf8JsonReader reader, LowCardinalityStrings strings)
    {
        string? app = null, id = null, name = null, state = null, region = null, version = null, instance = null;
        DateTimeOffset? updatedAt = null;
        (string? Image, int Cpus, int MemoryMb) config = default;
        while (OrgMachinesReader.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("app_name"u8))
            {
                app = OrgMachinesReader.Text(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                id = OrgMachinesReader.Text(ref reader);
            }
            else if (reader.ValueTextEquals("name"u8))
            {
                name = OrgMachinesReader.Text(ref reader);
            }
            else if (reader.ValueTextEquals("state"u8))
            {
                state = Shared(ref reader, strings);
            }
            else if (reader.ValueTextEquals("region"u8))
            {
                region = Shared(ref reader, strings);
            }
            else if (reader.ValueTextEquals("version"u8))
            {
                version = OrgMachinesReader.Text(ref reader);
            }
            else if (reader.ValueTextEquals("instance_id"u8))
            {
                // Fly sends the same value under both names; the second one read is only made into a string when it differs.
                reader.Read();
                instance = version is not null && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(version)
                    ? version
                    : reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw new JsonException("expected a string");
            }
            else if (reader.ValueTextEquals("updated_at"u8))
            {
                reader.Read();
                updatedAt = reader.TokenType == JsonTokenType.String && reader.TryGetDateTimeOffset(out var instant) ? instant : null;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("config"u8))
            {
                config = Config(ref reader, strings);
            }
            else
            {
                OrgMachinesReader.Skip(ref reader);
            }
        }

        return !Rows.IsIdentifier(app) || !Rows.IsIdentifier(id) || string.IsNullOrEmpty(state)
            ? throw new JsonException("a machine without app, id or state")
            : new OrgMachine(
                app, id, name, state, region, string.IsNullOrEmpty(version) ? instance : version, updatedAt,
                config.Image, config.Cpus, config.MemoryMb);
    }

    private static (string? Image, int Cpus, int MemoryMb) Config(ref Utf8JsonReader reader, LowCardinalityStrings strings)
    {
        (string? Image, int Cpus, int MemoryMb) config = default;
        reader.Read();
        if (!IsObject(ref reader))
        {
            return config;
        }

        while (OrgMachinesReader.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("image"u8))
            {
                config.Image = Shared(ref reader, strings);
            }
            else if (reader.ValueTextEquals("guest"u8))
            {
                (config.Cpus, config.MemoryMb) = Guest(ref reader);
            }
            else
            {
                OrgMachinesReader.Skip(ref reader);
            }
        }

        return config;
    }

    private static (int Cpus, int MemoryMb) Guest(ref Utf8JsonReader reader)
    {
        (int Cpus, int MemoryMb) guest = default;
        reader.Read();
        if (!IsObject(ref reader))
        {
            return guest;
        }

        while (OrgMachinesReader.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("cpus"u8))
            {
                reader.Read();
                guest.Cpus = Number(ref reader);
            }
            else if (reader.ValueTextEquals("memory_mb"u8))
            {
                reader.Read();
                guest.MemoryMb = Number(ref reader);
            }
            else
            {
                OrgMachinesReader.Skip(ref reader);
            }
        }

        return guest;
    }

    private static bool IsObject(ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.StartObject => true,
        JsonTokenType.Null => false,
        _ => throw new JsonException("expected an object"),
    };

    private static int Number(ref Utf8JsonReader reader) =>
        LenientInt64.Read(ref reader) is var value and >= 0 and <= int.MaxValue ? (int)value : throw new JsonException("expected an integer");

    private static string? Shared(ref Utf8JsonReader reader, LowCardinalityStrings strings)
    {
        reader.Read();
        return reader.TokenType switch
        {
            JsonTokenType.String => reader.ValueIsEscaped ? reader.GetString() : strings.Get(reader.ValueSpan),
            JsonTokenType.Null => null,
            _ => throw new JsonException("expected a string"),
        };
    }
}
