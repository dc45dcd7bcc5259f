namespace TestKit;

public enum ShutdownMode
{
    /// <summary>Ends every session, writes a checkpoint.</summary>
    Fast,

    /// <summary>As in a crash: the next start recovers.</summary>
    Immediate,
}
