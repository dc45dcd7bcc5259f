using FlyApi.Contracts;
using Reconciler.Model;

namespace Reconciler.Planning;

/// <summary>Joins Fly's check with the machine's own answer. The body can only make it worse: a passing check on the wrong user is unhealthy.</summary>
internal static class HealthAssessor
{
    public static HealthVerdict Assess(Machine? machine, HealthProbe? probe, HealthCheckPolicy policy)
    {
        if (machine is null || machine.State != MachineStates.Started)
        {
            return HealthVerdict.NotRunning;
        }

        if (probe is { Reached: true, Problem: { } problem })
        {
            return new(HealthState.Unhealthy, problem, probe.IsSomebodyElse);
        }

        var check = machine.Checks.FirstOrDefault(c => c.Name == policy.Name);
        return check?.Status switch
        {
            "passing" => new(HealthState.Healthy, "check passing"),
            "critical" => new(HealthState.Unhealthy, "check critical"),
            "warning" => new(HealthState.Unhealthy, "check warning"),
            _ => new(HealthState.Unknown, "the check has not reported yet"),
        };
    }
}
