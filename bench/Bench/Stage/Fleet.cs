using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace Bench.Stage;

/// <summary>A synthetic fleet, the same in every run: one started machine for each user.</summary>
internal static class Fleet
{
    public const string Wish = "bench";
    public const string Region = "sin";
    public const string Image = "registry.fly.io/vyx-app:deployment-01K9ABCDEFGHJKMNPQRSTVWXYZ";
    public const int PageSize = 1000;

    /// <summary>The multiplier scatters what real ids and hashes scatter; it is odd, so no two users meet.</summary>
    private const uint Scatter = 2654435761;

    public static Guid User(int index) => new(unchecked((uint)index * Scatter).ToString("x8", CultureInfo.InvariantCulture) + "-0000-4000-8000-000000000000");

    public static string App(int index) => "vyx-user-" + unchecked((uint)index * Scatter).ToString("x8", CultureInfo.InvariantCulture);

    public static string Machine(int index) => unchecked((uint)index * Scatter).ToString("x8", CultureInfo.InvariantCulture) + "d5683e";

    public static string Version(int index) => "01K9BENCH00000000000" + (index % 1_000_000).ToString("D6", CultureInfo.InvariantCulture);

    /// <summary>Pages as Fly's list of an organisation's machines shows them, about 660 bytes a machine.</summary>
    public static List<byte[]> Pages(int users)
    {
        var pages = new List<byte[]>();
        for (var first = 0; first < users || pages.Count == 0; first += PageSize)
        {
            pages.Add(Page(first, Math.Min(first + PageSize, users), users));
        }

        return pages;
    }

    private static byte[] Page(int first, int end, int users)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("machines");
            for (var i = first; i < end; i++)
            {
                Row(writer, i);
            }

            writer.WriteEndArray();
            if (end < users)
            {
                writer.WriteString("next_cursor", end.ToString(CultureInfo.InvariantCulture));
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Row(Utf8JsonWriter writer, int index)
    {
        writer.WriteStartObject();
        writer.WriteString("id", Machine(index));
        writer.WriteString("app_name", App(index));
        writer.WriteString("name", App(index) + "-main");
        writer.WriteString("state", "started");
        writer.WriteString("region", Region);
        writer.WriteString("version", Version(index));
        writer.WriteString("instance_id", Version(index));
        writer.WriteString("private_ip", "fdaa:0:1234:a7b:5678:9abc:def0:2");
        writer.WriteString("created_at", "2026-01-02T03:04:05.678Z");
        writer.WriteString("updated_at", "2026-02-03T04:05:06.789Z");
        writer.WriteStartObject("config");
        writer.WriteString("image", Image);
        writer.WriteStartObject("guest");
        writer.WriteString("cpu_kind", "shared");
        writer.WriteNumber("cpus", 2);
        writer.WriteNumber("memory_mb", 512);
        writer.WriteEndObject();
        writer.WriteStartObject("metadata");
        writer.WriteString("managed_by", "fly-reconciler");
        writer.WriteString("user_id", User(index));
        writer.WriteString("spec_hash", "0123456789abcdef");
        writer.WriteEndObject();
        writer.WriteStartObject("restart");
        writer.WriteString("policy", "always");
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndObject();
    }
}
