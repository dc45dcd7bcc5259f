using System.Text.Json;

namespace Demo.Reading;

/// <summary>A user's row as the host application's pages see it.</summary>
internal sealed record AppRow
{
    public required Guid Id { get; init; }
    public required string Tier { get; init; }
    public required string App { get; init; }
    public required string Status { get; init; }
    public required string Health { get; init; }
    public required string Region { get; init; }
    public required string Image { get; init; }
    public required int Cpus { get; init; }
    public required int MemoryMb { get; init; }
    public required string? MachineId { get; init; }
    public required string? Error { get; init; }
    public required DateTime? DeployedAt { get; init; }
    public required DateTime? DeletedAt { get; init; }
    public required DateTime? NextAttemptAt { get; init; }

    /// <summary>Whether the controller has seen the newest wish.</summary>
    public required bool Observed { get; init; }

    public required IReadOnlyList<RowCondition> Conditions { get; init; }

    public RowCondition? Condition(string type) => Conditions.FirstOrDefault(c => c.Type == type);

    public static IReadOnlyList<RowCondition> ReadConditions(string json) =>
        JsonSerializer.Deserialize<List<RowCondition>>(json, JsonSerializerOptions.Web) ?? [];
}

internal sealed record RowCondition(string Type, string Status, string Reason, string Message);
