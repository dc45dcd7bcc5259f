using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Validation;

/// <summary>Which sizes a machine may have.</summary>
internal static class GuestRules
{
    private static readonly int[] SharedCpus = [1, 2, 4, 6, 8];
    private static readonly int[] PerformanceCpus = [1, 2, 4, 6, 8, 10, 12, 14, 16, 32, 64, 128];

    public static void Require(JsonObject? guest)
    {
        if (guest is null)
        {
            return;
        }

        var kind = guest["cpu_kind"]?.GetValue<string>() ?? "shared";
        var cpus = guest["cpus"]?.GetValue<int>() ?? 1;
        var memory = guest["memory_mb"]?.GetValue<int>() ?? 256;
        switch (kind)
        {
            case "shared":
                Require(kind, cpus, memory, SharedCpus, step: 256, perCpu: (256, 2048));
                break;
            case "performance":
                Require(kind, cpus, memory, PerformanceCpus, step: 1024, perCpu: (2048, 8192));
                break;
            default:
                throw Invalid($"cpu_kind '{kind}' must be shared or performance");
        }
    }

    private static void Require(string kind, int cpus, int memory, int[] allowed, int step, (int Min, int Max) perCpu)
    {
        if (!allowed.Contains(cpus))
        {
            throw Invalid($"invalid number of CPUs {cpus} for {kind}, must be one of {string.Join(", ", allowed)}");
        }

        if (memory % step != 0)
        {
            throw Invalid($"memory {memory} MB must be a multiple of {step} MB");
        }

        if (memory < perCpu.Min * cpus || memory > perCpu.Max * cpus)
        {
            throw Invalid($"memory {memory} MB must be between {perCpu.Min * cpus} and {perCpu.Max * cpus} MB for {cpus} {kind} CPUs");
        }
    }

    private static RefusedException Invalid(string text) => new(422, "invalid_argument: invalid config.guest: " + text);
}
