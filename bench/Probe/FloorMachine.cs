using System.Runtime.InteropServices;
using System.Text.Json;

namespace Probe;

/// <summary>What the floor keeps of a machine: 48 bytes, no reference.</summary>
/// <param name="App">Hash of the app's name.</param>
/// <param name="Id">Hash of the machine's id.</param>
/// <param name="Seen">Hash over id, version, state and region.</param>
/// <param name="UpdatedAt">Ticks.</param>
[StructLayout(LayoutKind.Sequential, Size = 48)]
internal readonly record struct FloorMachine(long App, long Id, long Seen, long UpdatedAt)
{
    private const ulong Offset = 14695981039346656037;
    private const ulong Prime = 1099511628211;

    /// <summary>Reads one page; returns the next page's cursor.</summary>
    public static string? Scan(ReadOnlySpan<byte> page, List<FloorMachine> machines)
    {
        var reader = new Utf8JsonReader(page);
        string? cursor = null;
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("machines"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
                {
                    machines.Add(Row(ref reader));
                }
            }
            else if (reader.ValueTextEquals("next_cursor"u8))
            {
                reader.Read();
                cursor = reader.GetString();
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return cursor;
    }

    private static FloorMachine Row(ref Utf8JsonReader reader)
    {
        ulong app = 0, id = 0, version = 0, state = 0, region = 0;
        long updated = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("app_name"u8))
            {
                app = Next(ref reader);
            }
            else if (reader.ValueTextEquals("id"u8))
            {
                id = Next(ref reader);
            }
            else if (reader.ValueTextEquals("version"u8))
            {
                version = Next(ref reader);
            }
            else if (reader.ValueTextEquals("state"u8))
            {
                state = Next(ref reader);
            }
            else if (reader.ValueTextEquals("region"u8))
            {
                region = Next(ref reader);
            }
            else if (reader.ValueTextEquals("updated_at"u8))
            {
                reader.Read();
                updated = reader.GetDateTimeOffset().Ticks;
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return new FloorMachine((long)app, (long)id, Mix(id, version, state, region), updated);
    }

    private static ulong Next(ref Utf8JsonReader reader)
    {
        reader.Read();
        var hash = Offset;
        foreach (var value in reader.ValueSpan)
        {
            hash = (hash ^ value) * Prime;
        }

        return hash;
    }

    private static long Mix(params ReadOnlySpan<ulong> parts)
    {
        var hash = Offset;
        foreach (var part in parts)
        {
            hash = (hash ^ part) * Prime;
        }

        return (long)hash;
    }
}
