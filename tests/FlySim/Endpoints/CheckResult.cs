using System.Text.Json;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>What one check found last, and when that changed.</summary>
internal sealed record CheckResult(string Name, bool Passing, string Output, DateTimeOffset ChangedAt)
{
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        writer.WriteString("status", Passing ? "passing" : "critical");
        writer.WriteString("output", Output);
        writer.WriteString("updated_at", Timestamps.Format(ChangedAt));
        writer.WriteEndObject();
    }
}
