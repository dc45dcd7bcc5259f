namespace Reconciler.Signals;

/// <summary>A signal file that was renamed, so that nobody who opens the signal path can reach it any more.</summary>
internal sealed class SignalClaim(string path, long takenAt)
{
    public string Path { get; } = path;

    /// <summary>Timestamp of the time provider.</summary>
    public long TakenAt { get; } = takenAt;

    /// <summary>The file as it was when its content was last handed over; null before that.</summary>
    public FileStamp? Delivered { get; private set; }

    /// <summary>Timestamp of the time provider.</summary>
    public long DeliveredAt { get; private set; }

    public void MarkDelivered(FileStamp read, long now) => (Delivered, DeliveredAt) = (read, now);
}
