namespace Reconciler.Model;

/// <summary>The reasons in conditions, plans and events: one word each, and a section in the runbook.</summary>
public static class Reasons
{
    public const string Converged = "Converged";
    public const string Provisioning = "Provisioning";
    public const string WaitingForMachine = "WaitingForMachine";
    public const string WaitingForHealth = "WaitingForHealth";
    public const string AppMissing = "AppMissing";
    public const string AppNameTaken = "AppNameTaken";
    public const string AppAdopted = "AppAdopted";
    public const string FormerApp = "FormerApp";
    public const string OtherOrganisation = "OtherOrganisation";
    public const string MachineMissing = "MachineMissing";
    public const string MachineStopped = "MachineStopped";
    public const string MachineFailed = "MachineFailed";
    public const string MachineStuck = "MachineStuck";
    public const string MachineAdopted = "MachineAdopted";
    public const string DuplicateMachine = "DuplicateMachine";
    public const string HostUnreachable = "HostUnreachable";
    public const string WrongRegion = "WrongRegion";
    public const string ConfigDrift = "ConfigDrift";
    public const string MetadataDrift = "MetadataDrift";
    public const string SecretsStale = "SecretsStale";
    public const string SecretsTampered = "SecretsTampered";
    public const string Unhealthy = "Unhealthy";
    public const string CrashLooping = "CrashLooping";
    public const string RolledBack = "RolledBack";
    public const string SilentlyRolledBack = "SilentlyRolledBack";
    public const string Deprovisioning = "Deprovisioning";
    public const string StoppedInGrace = "StoppedInGrace";
    public const string Deprovisioned = "Deprovisioned";
    public const string Paused = "Paused";
    public const string InvalidOverride = "InvalidOverride";
    public const string ImageUnresolved = "ImageUnresolved";
    public const string ServiceKeyInvalid = "ServiceKeyInvalid";
    public const string DestroyBudget = "DestroyBudget";
    public const string ShrinkTripwire = "ShrinkTripwire";
    public const string AddressMissing = "AddressMissing";
    public const string Stale = "Stale";
    public const string InternalError = "InternalError";
    public const string FlyTransient = "FlyTransient";
    public const string FlyThrottled = "FlyThrottled";
    public const string FlyCapacity = "FlyCapacity";
    public const string FlyConflict = "FlyConflict";
    public const string FlyNotFound = "FlyNotFound";
    public const string FlyInvalid = "FlyInvalid";
    public const string FlyUnauthorised = "FlyUnauthorised";
    public const string OutcomeUnknown = "OutcomeUnknown";
    public const string StoreUnavailable = "StoreUnavailable";
}
