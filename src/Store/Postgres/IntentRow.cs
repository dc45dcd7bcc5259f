namespace Store;

internal sealed class IntentRow
{
    public string LaunchId { get; set; } = "";
    public string Kind { get; set; } = "";
    public string AppName { get; set; } = "";
    public Guid UserId { get; set; }
    public string? MachineName { get; set; }
    public DateTime CreatedAt { get; set; }

    public CreateIntent ToIntent() => new(LaunchId, Kind, AppName, UserId, MachineName) { CreatedAt = CreatedAt };
}
