namespace Store.Tests.Contract;

/// <summary>Columns of a paying user's row, a value, and whether the change asks for a look.</summary>
public static class EditedColumns
{
    public static TheoryData<string, object?, bool> All => new()
    {
        { "status", "error", false },
        { "health_status", "unhealthy", false },
        { "machine_id", "m1", false },
        { "region", "ams", false },
        { "retry_count", 4, false },
        { "observed_generation", 1L, false },
        { "fly_app_name", "renamed-by-hand", false },
        { "next_attempt_at", new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), false },
        { "deleted_at", new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc), false },
        { "tier", "elite", true },
        { "tier", "pro", false },
        { "pause_reason", "because", true },
    };
}
