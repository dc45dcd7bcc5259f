using FlyApi.Contracts;
using Reconciler.Model;
using Store;

namespace Reconciler.Planning;

/// <summary>
/// One thing to do, with its reason: a closed set. Every step is safe to repeat and safe to abandon.
/// A machine id of null means "the machine that this plan has just created".
/// </summary>
public abstract record Step(string Reason)
{
    /// <summary>Low-cardinality name, used in metrics, events and the plan's listing.</summary>
    public abstract string Kind { get; }

    /// <summary>The call to Fly, as <c>METHOD path</c>; null for a step that only touches the database or only reads.</summary>
    public virtual string? Call => null;

    /// <summary>What it does, for a person.</summary>
    public abstract string Describe();

    protected const string NewMachine = "{new}";

    public sealed record CreateApp(string App, string OrgSlug, string Reason) : Step(Reason)
    {
        public override string Kind => "create_app";
        public override string Call => "POST /v1/apps";
        public override string Describe() => $"create app {App} in {OrgSlug}";
    }

    public sealed record TakeOwnership(string App, OwnershipOrigin Origin, string Reason) : Step(Reason)
    {
        public override string Kind => "take_ownership";
        public override string Describe() => $"record that app {App} is ours ({Origin})";
    }

    /// <summary>Draws on the destroy budget when the app is recorded as ours: whoever is wrong about it leaves a machine running.</summary>
    public sealed record RenameApp(string OldName, string NewName, string Reason) : Step(Reason)
    {
        public override string Kind => "rename_app";
        public override string Describe() => $"use the name {NewName} instead of {OldName}";
    }

    public sealed record AllocateAddress(string App, string Type, string Reason) : Step(Reason)
    {
        public override string Kind => "allocate_address";
        public override string Call => $"POST /v1/apps/{App}/ip_assignments";
        public override string Describe() => $"allocate a {Type} address";
    }

    public sealed record SetSecrets(string App, IReadOnlyList<string> Names, string Digest, string Reason) : Step(Reason)
    {
        public override string Kind => "set_secrets";
        public override string Call => $"POST /v1/apps/{App}/secrets";
        public override string Describe() => $"set {Names.Count} app secrets ({string.Join(", ", Names)})";
    }

    /// <summary>Asks Fly whether the replacement would fit, before the old machine is destroyed.</summary>
    public sealed record CheckCapacity(string Region, Guest Guest, string Reason) : Step(Reason)
    {
        public override string Kind => "check_capacity";
        public override string Describe() => $"check that {Region} has room for {Guest.Cpus} CPU/{Guest.MemoryMb} MB";
    }

    public sealed record CreateMachine(string App, string MachineName, MachineSpec Spec, string Reason) : Step(Reason)
    {
        public override string Kind => "create_machine";
        public override string Call => $"POST /v1/apps/{App}/machines";

        public override string Describe() =>
            $"create machine {MachineName} in {Spec.Region}, {Spec.Guest.Cpus} CPU/{Spec.Guest.MemoryMb} MB, {Spec.ImageLabel}, not launched";
    }

    public sealed record ElectMachine(string App, string? Expected, string? MachineId, string Reason) : Step(Reason)
    {
        public override string Kind => "elect_machine";
        public override string Describe() => $"elect machine {MachineId ?? NewMachine}";
    }

    public sealed record UnelectMachine(string App, string MachineId, string Reason) : Step(Reason)
    {
        public override string Kind => "unelect_machine";
        public override string Describe() => $"un-elect machine {MachineId}";
    }

    public sealed record StartMachine(string App, string? MachineId, MachineSpec Spec, string Reason) : Step(Reason)
    {
        public override string Kind => "start_machine";
        public override string Call => $"POST /v1/apps/{App}/machines/{MachineId ?? NewMachine}/start";
        public override string Describe() => $"start machine {MachineId ?? NewMachine}";
    }

    public sealed record UpdateMachine(string App, Machine Machine, MachineSpec Spec, bool IsRollback, string Reason) : Step(Reason)
    {
        public override string Kind => IsRollback ? "rollback_machine" : "update_machine";
        public override string Call => $"POST /v1/apps/{App}/machines/{Machine.Id}";
        public override string Describe() => $"{(IsRollback ? "roll back" : "update")} machine {Machine.Id} in place";
    }

    public sealed record PatchMetadata(string App, string MachineId, IReadOnlyDictionary<string, string?> Changes, string Reason) : Step(Reason)
    {
        public override string Kind => "patch_metadata";
        public override string Call => $"PATCH /v1/apps/{App}/machines/{MachineId}/metadata";
        public override string Describe() => $"change metadata {string.Join(", ", Changes.Keys)} without a restart";
    }

    public sealed record StopMachine(string App, string MachineId, string Reason) : Step(Reason)
    {
        public override string Kind => "stop_machine";
        public override string Call => $"POST /v1/apps/{App}/machines/{MachineId}/stop";
        public override string Describe() => $"stop machine {MachineId}";
    }

    public sealed record RestartMachine(string App, string MachineId, string Reason) : Step(Reason)
    {
        public override string Kind => "restart_machine";
        public override string Call => $"POST /v1/apps/{App}/machines/{MachineId}/restart";
        public override string Describe() => $"restart machine {MachineId}";
    }

    /// <summary>Draws on the destroy budget.</summary>
    public sealed record DestroyMachine(string App, string MachineId, string Reason) : Step(Reason)
    {
        public override string Kind => "destroy_machine";
        public override string Call => $"DELETE /v1/apps/{App}/machines/{MachineId}";
        public override string Describe() => $"destroy machine {MachineId}";
    }

    /// <summary>Reads the machine by id until it is destroyed; nothing after it happens before.</summary>
    public sealed record ConfirmGone(string App, string MachineId, string Reason) : Step(Reason)
    {
        public override string Kind => "confirm_gone";
        public override string Describe() => $"confirm by id that machine {MachineId} is gone";
    }

    /// <summary>Draws on the destroy budget.</summary>
    public sealed record DeleteApp(string App, string Reason) : Step(Reason)
    {
        public override string Kind => "delete_app";
        public override string Call => $"DELETE /v1/apps/{App}";
        public override string Describe() => $"delete app {App} with everything in it";
    }

    public sealed record ReleaseApp(string App, string Reason) : Step(Reason)
    {
        public override string Kind => "release_app";
        public override string Describe() => $"record that app {App} is gone";
    }

    /// <summary>Draws on the destroy budget.</summary>
    public sealed record DeleteFormerApp(string App, string Reason) : Step(Reason)
    {
        public override string Kind => "delete_former_app";
        public override string Call => $"DELETE /v1/apps/{App}";
        public override string Describe() => $"delete app {App}, which the user's row no longer names, with everything in it";
    }

    public sealed record ReleaseFormerApp(string App, string Reason) : Step(Reason)
    {
        public override string Kind => "release_former_app";
        public override string Describe() => $"record that app {App}, which the user's row no longer names, is gone";
    }

    /// <summary>Forgets create calls whose outcome is known by now.</summary>
    public sealed record CloseIntents(string App, string Reason) : Step(Reason)
    {
        public override string Kind => "close_intents";
        public override string Describe() => "forget create calls whose outcome is known";
    }

    /// <summary>Whether the step takes something away for good.</summary>
    public bool IsDestructive => this is DestroyMachine or DeleteApp or DeleteFormerApp;
}
