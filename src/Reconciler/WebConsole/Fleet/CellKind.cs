namespace Reconciler.WebConsole.Fleet;

/// <summary>How one user is, for the fleet's picture; from the worst to the best.</summary>
internal enum CellKind
{
    /// <summary>A failure, or something that a person must put right.</summary>
    Wrong,

    /// <summary>A guard (budget or tripwire) holds something back.</summary>
    Held,

    /// <summary>A person paused it.</summary>
    Paused,

    /// <summary>On its way to what is wished.</summary>
    Moving,

    /// <summary>No reconcile has been seen yet.</summary>
    Unknown,

    /// <summary>The tier is gone; stopped, or waiting for the end of the grace.</summary>
    Leaving,

    /// <summary>As wished.</summary>
    Ready,
}

/// <summary>The words and letters of the kinds.</summary>
internal static class CellKinds
{
    public static IReadOnlyList<CellKind> All { get; } = Enum.GetValues<CellKind>();

    /// <summary>In a person's words; with the shape in the picture it says what the colour says.</summary>
    public static string Word(this CellKind kind) => kind switch
    {
        CellKind.Wrong => "wrong",
        CellKind.Held => "held by a guard",
        CellKind.Paused => "paused",
        CellKind.Moving => "on the way",
        CellKind.Unknown => "not looked at yet",
        CellKind.Leaving => "leaving",
        _ => "ready",
    };

    /// <summary>One lower-case word, for addresses and class names.</summary>
    public static string Slug(this CellKind kind) => kind switch
    {
        CellKind.Wrong => "wrong",
        CellKind.Held => "held",
        CellKind.Paused => "paused",
        CellKind.Moving => "moving",
        CellKind.Unknown => "unknown",
        CellKind.Leaving => "leaving",
        _ => "ready",
    };

    public static CellKind? Parse(string? slug)
    {
        foreach (var kind in All)
        {
            if (kind.Slug() == slug)
            {
                return kind;
            }
        }

        return null;
    }
}
