using Reconciler.Model;

namespace Reconciler.Configuration;

/// <summary>Reads the limits on destruction, and how long the controller waits for what.</summary>
internal static class GuardSection
{
    private const string Budget = "Reconciler:DestroyBudget";
    private const string Grace = "Reconciler:DeprovisionGrace";
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    public static GuardSettings Read(SettingsReader reader)
    {
        var guards = new GuardSettings
        {
            DestroyBudget = reader.Whole(Budget, 5, 0, 100_000),
            DestroyBudgetShare = reader.Number("Reconciler:DestroyBudgetShare", 0.05, 0, 1),
            ShrinkTripwireShare = reader.Number("Reconciler:ShrinkTripwireShare", 0.2, 0, 1),
            ShrinkTripwireMinimum = reader.Whole("Reconciler:ShrinkTripwireMinimum", 3, 0, 100_000),
            ShrinkWindow = reader.Duration("Reconciler:ShrinkWindow", TimeSpan.FromMinutes(10), Second, Day),
        };
        if (guards is { DestroyBudget: 0, DestroyBudgetShare: 0 })
        {
            reader.Warn(Budget, "and Reconciler__DestroyBudgetShare are both 0: nothing is ever destroyed, not even to replace a broken machine");
        }

        return guards;
    }

    public static Timings ReadTimings(SettingsReader reader, HealthCheckPolicy check)
    {
        var defaults = new Timings();
        var timings = new Timings
        {
            Poll = reader.Duration("Reconciler:PollInterval", defaults.Poll, TimeSpan.FromMilliseconds(50), TimeSpan.FromMinutes(1)),
            DeprovisionGrace = reader.Duration(Grace, defaults.DeprovisionGrace, TimeSpan.Zero, TimeSpan.FromDays(365)),
            HealthDeadline = reader.Duration("Reconciler:HealthDeadline", defaults.HealthDeadline, Second, Day),
            StuckAfter = reader.Duration("Reconciler:StuckAfter", defaults.StuckAfter, Second, Day),
            UnreachableAfter = reader.Duration("Reconciler:UnreachableAfter", defaults.UnreachableAfter, Second, TimeSpan.FromDays(7)),
            UnhealthyAfter = reader.Duration("Reconciler:UnhealthyAfter", defaults.UnhealthyAfter, Second, Day),
            CrashReset = reader.Duration("Reconciler:CrashReset", defaults.CrashReset, TimeSpan.Zero, Day),
            CreateLag = reader.Duration("Reconciler:CreateLag", defaults.CreateLag, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            AmbiguousLook = reader.Duration("Reconciler:AmbiguousLook", defaults.AmbiguousLook, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
            NameRelease = reader.Duration("Reconciler:NameRelease", defaults.NameRelease, TimeSpan.Zero, Day),
        };
        if (timings.DeprovisionGrace == TimeSpan.Zero)
        {
            reader.Warn(Grace, "is 00:00:00: a downgraded user's app is destroyed as soon as it has stopped");
        }

        if (timings.HealthDeadline <= check.GracePeriod)
        {
            reader.Warn("Reconciler:HealthDeadline", "is not longer than Reconciler__HealthCheck__GracePeriod: changes may be rolled back before their first check counts");
        }

        return timings;
    }
}
