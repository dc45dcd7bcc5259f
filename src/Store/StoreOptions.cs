namespace Store;

public sealed record StoreOptions
{
    /// <summary>Any form that <see cref="DatabaseUrl"/> reads.</summary>
    public required string ConnectionString { get; init; }

    /// <summary>How often the LISTEN connection proves that notifications still arrive.</summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a heartbeat may take.</summary>
    public TimeSpan HeartbeatLimit { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The first delay before a reconnect; it doubles with each failure.</summary>
    public TimeSpan ReconnectDelay { get; init; } = TimeSpan.FromMilliseconds(500);

    public TimeSpan MaxReconnectDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The record's own text would hold the password.</summary>
    public override string ToString() => nameof(StoreOptions);
}
