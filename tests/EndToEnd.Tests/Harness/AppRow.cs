using System.Globalization;

namespace EndToEnd.Tests.Harness;

/// <summary>A row of <c>user_fly_apps</c> as it stood.</summary>
internal sealed record AppRow(JsonNode Json)
{
    public Guid Id => Guid.Parse(Text("id")!);
    public string App => Text("fly_app_name")!;
    public string Status => Text("status")!;
    public string? Health => Text("health_status");
    public string? MachineId => Text("machine_id");
    public string? Error => Text("error_message");
    public string Region => Text("region")!;
    public string Image => Text("docker_image")!;
    public string Tier => Text("tier")!;
    public int Cpus => (int)Number("cpu_count");
    public int MemoryMb => (int)Number("memory_mb");
    public long Generation => Number("generation");
    public long ObservedGeneration => Number("observed_generation");
    public long Retries => Number("retry_count");
    public decimal? Cost => Json["monthly_cost_estimate_usd"]?.GetValue<decimal>();
    public bool Deleted => Text("deleted_at") is not null;
    public DateTimeOffset? DeployedAt =>
        Text("deployed_at") is { } at ? DateTimeOffset.Parse(at, CultureInfo.InvariantCulture) : null;

    public bool Settled => Status == "active" && Health == "healthy" && MachineId is not null && Retries == 0
        && Generation == ObservedGeneration && Is("Ready", "True") && Number("fingerprint") != 0;

    public bool Is(string condition, string status, string? reason = null) =>
        Condition(condition) is { } found && found["status"]!.GetValue<string>() == status
        && (reason is null || found["reason"]!.GetValue<string>() == reason);

    public JsonNode? Condition(string type) =>
        Json["conditions"]!.AsArray().FirstOrDefault(c => c!["type"]!.GetValue<string>() == type);

    public override string ToString() =>
        $"{App}: {Status}, {Health}, machine {MachineId}, generation {Generation}/{ObservedGeneration}, tries {Retries}, "
        + $"error {Error}\n    {string.Join("\n    ", Json["conditions"]!.AsArray().Select(c => c!.ToJsonString()))}"
        + $"\n    memory {Json["controller_state"]?.ToJsonString()}";

    private string? Text(string column) => Json[column]?.GetValue<string>();

    private long Number(string column) => Json[column]?.GetValue<long>() ?? 0;
}
