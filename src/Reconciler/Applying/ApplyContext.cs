using FlyApi.Contracts;
using Reconciler.Leading;
using Reconciler.Model;
using Reconciler.Planning;

namespace Reconciler.Applying;

/// <summary>What the steps of one plan learn from each other; lives for one apply.</summary>
internal sealed class ApplyContext(Snapshot snapshot, Plan plan, Leadership leadership)
{
    public Snapshot Snapshot { get; } = snapshot;
    public Leadership Leadership { get; } = leadership;
    public Guid UserId => Snapshot.Desired.UserId;
    public AppMemory Memory { get; set; } = plan.Memory;

    /// <summary>This very look found out that somebody changed the app's secrets, and nothing that is stored says so yet.</summary>
    public bool SecretsTampered { get; } = plan.Notes.Any(n => n.Reason == Reasons.SecretsTampered);

    /// <summary>The machine that a create step of this plan made, or found under its name.</summary>
    public Machine? NewMachine { get; set; }

    /// <summary>True when <see cref="NewMachine"/> existed already: it is elected, and then looked at before anything is done to it.</summary>
    public bool NewMachineWasFound { get; set; }

    public string? ElectedMachineId { get; set; } = snapshot.User.MachineId;
    public string AppName { get; set; } = snapshot.Desired.AppName;
}
