using Reconciler.Model;

namespace Reconciler.Telemetry;

/// <summary>
/// Forty reasons are too many for a picture: ten classes tell an operator who has to act. What is not ours (the row can be
/// edited) is <c>other</c>, so that the label stays a closed set.
/// </summary>
internal static class ReasonClass
{
    public const string Other = "other";

    public static string Of(string? reason) => reason switch
    {
        null => "new",
        Reasons.Converged or Reasons.StoppedInGrace or Reasons.Deprovisioned => "settled",
        Reasons.Paused => "paused",
        Reasons.DestroyBudget or Reasons.ShrinkTripwire => "guard",
        Reasons.InvalidOverride or Reasons.ImageUnresolved or Reasons.ServiceKeyInvalid or Reasons.AppNameTaken
            or Reasons.OtherOrganisation => "input",
        Reasons.MachineFailed or Reasons.MachineStuck or Reasons.DuplicateMachine or Reasons.HostUnreachable or Reasons.Unhealthy
            or Reasons.CrashLooping or Reasons.RolledBack or Reasons.SilentlyRolledBack => "machine",
        Reasons.FlyTransient or Reasons.FlyThrottled or Reasons.FlyCapacity or Reasons.FlyConflict or Reasons.FlyNotFound
            or Reasons.FlyInvalid or Reasons.FlyUnauthorised or Reasons.OutcomeUnknown => "fly",
        Reasons.InternalError or Reasons.StoreUnavailable or Reasons.Stale => "controller",
        Reasons.Provisioning or Reasons.WaitingForMachine or Reasons.WaitingForHealth or Reasons.AppMissing or Reasons.AppAdopted
            or Reasons.FormerApp
            or Reasons.MachineMissing or Reasons.MachineStopped or Reasons.MachineAdopted or Reasons.WrongRegion or Reasons.ConfigDrift
            or Reasons.MetadataDrift or Reasons.SecretsStale or Reasons.SecretsTampered or Reasons.AddressMissing
            or Reasons.Deprovisioning => "progressing",
        _ => Other,
    };
}
