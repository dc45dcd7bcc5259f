namespace StoreModel;

/// <summary>What becomes of a notification on its way to one listener.</summary>
/// <param name="Copies">How often it arrives.</param>
/// <param name="Delay">How long it takes, on the database's clock; one that is overtaken by a disconnection is lost.</param>
/// <param name="Disconnect">The connection breaks instead.</param>
public readonly record struct NotificationFate(int Copies, TimeSpan Delay, bool Disconnect)
{
    public static NotificationFate Delivered => new(1, TimeSpan.Zero, false);

    public static NotificationFate Lost => default;

    public static NotificationFate Duplicated => new(2, TimeSpan.Zero, false);

    /// <summary>The connection breaks, and this notification and those until the reconnect are lost.</summary>
    public static NotificationFate Disconnected => new(0, TimeSpan.Zero, true);

    public static NotificationFate Delayed(TimeSpan delay) => new(1, delay, false);
}
