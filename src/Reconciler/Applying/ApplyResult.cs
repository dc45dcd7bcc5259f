using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;

namespace Reconciler.Applying;

/// <summary>How far a plan got, and why it stopped.</summary>
/// <param name="Memory">The memory after the last step that was done.</param>
/// <param name="Done">Steps whose effect is certain, in order.</param>
/// <param name="Stop">Why the rest was not done; null when every step was.</param>
/// <param name="ElectedMachineId">The elected machine after the last step.</param>
/// <param name="AppName">The app's name after the last step.</param>
internal sealed record ApplyResult(
    AppMemory Memory, IReadOnlyList<Step> Done, ApplyStop? Stop, string? ElectedMachineId, string AppName);

/// <summary>The closed set of reasons to stop in the middle of a plan.</summary>
internal abstract record ApplyStop(string Reason, string Message)
{
    /// <summary>Not an error: look again after a while, because the rest needs a fresh observation.</summary>
    public sealed record Wait(string Reason, string Message, TimeSpan After) : ApplyStop(Reason, Message);

    /// <summary>A guard said no.</summary>
    public sealed record Guarded(string Reason, string Message, TimeSpan After) : ApplyStop(Reason, Message);

    /// <summary>A call failed.</summary>
    public sealed record Failed(
        string Reason, string Message, BackoffClass Class, string Step, TimeSpan? RetryAfter, string? FlyRequestId)
        : ApplyStop(Reason, Message);
}
