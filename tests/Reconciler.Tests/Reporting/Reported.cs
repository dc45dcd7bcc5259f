using Reconciler.Applying;
using Reconciler.Configuration;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Reporting;
using Store;

namespace Reconciler.Tests.Reporting;

/// <summary>A reconcile's report, and the row that reads it back.</summary>
internal static class Reported
{
    public static StatusWrite Report(this Snapshot snapshot, Plan? plan = null, ApplyResult? result = null)
    {
        plan ??= Planner.Plan(snapshot);
        var requeue = Requeue.Decide(snapshot.User, snapshot, plan, result, random: 0);
        return StatusBuilder.Build(snapshot, plan, result, requeue, new PriceTable());
    }

    /// <summary>The user as the database shows it after the write.</summary>
    public static UserApp Read(this StatusWrite write, UserApp before) => before with
    {
        AppName = write.AppName,
        Status = write.Status,
        HealthStatus = write.HealthStatus,
        Region = write.Region,
        DockerImage = write.DockerImage,
        CpuCount = write.CpuCount,
        MemoryMb = write.MemoryMb,
        DeployedAt = write.DeployedAt,
        LastHealthCheck = write.LastHealthCheck,
        ErrorMessage = write.ErrorMessage,
        RetryCount = write.RetryCount,
        MonthlyCostUsd = write.MonthlyCostUsd,
        DeletedAt = write.DeletedAt,
        ObservedGeneration = write.ObservedGeneration,
        Conditions = write.Conditions,
        ControllerState = write.ControllerState,
        Fingerprint = write.Fingerprint,
        NextAttemptAt = write.NextAttemptAt,
        LastErrorClass = write.LastErrorClass,
    };

    /// <summary>The same reconcile once more, of the row that the first one left.</summary>
    public static Snapshot Again(this Snapshot snapshot, StatusWrite write) => snapshot with
    {
        User = write.Read(snapshot.User),
        Memory = ReportJson.ReadMemory(write.ControllerState, Planning.SnapshotBuilder.Start.AddYears(10)),
        Guards = snapshot.Guards with { Forced = false },
    };

    public static Condition Condition(this StatusWrite write, string type) =>
        ReportJson.ReadConditions(write.Conditions).Single(c => c.Type == type);
}
