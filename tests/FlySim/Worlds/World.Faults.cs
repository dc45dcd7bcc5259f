using FlySim.Admin;
using FlySim.Http;
using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    private readonly List<ActiveFault> _faults = [];

    internal IReadOnlyList<FaultRule> Faults => [.. _faults.Select(f => f.Rule)];

    internal void AddFault(FaultRule rule) => _faults.Add(new ActiveFault(Known(rule)));

    /// <exception cref="RefusedException">A kind that does not exist would be a fault that never strikes.</exception>
    internal static FaultRule Known(FaultRule rule) => FaultKinds.All.Contains(rule.Kind)
        ? rule
        : throw new RefusedException(400, $"kind '{rule.Kind}' must be one of {string.Join(", ", FaultKinds.All)}");

    internal void ClearFaults() => _faults.Clear();

    internal FaultRule? FaultFor(Call call) => _faults.Count == 0 ? null : Run(() => Strike(call));

    private FaultRule? Strike(Call call)
    {
        foreach (var fault in _faults)
        {
            if (!Matches(fault.Rule, call))
            {
                continue;
            }

            if (fault.Seen++ < fault.Rule.Skip)
            {
                continue;
            }

            if (fault.Left != 0 && (fault.Rule.Probability >= 1 || _ids.Dice() < fault.Rule.Probability))
            {
                fault.Left--;
                return fault.Rule;
            }
        }

        return null;
    }

    private static bool Matches(FaultRule rule, Call call) =>
        (rule.Operation is not { } operation || Names(operation, call.Operation.Name))
        && (rule.Method is not { } method || method.Equals(call.Request.Method, StringComparison.OrdinalIgnoreCase))
        && (rule.App is not { } app || app == call.AppName)
        && (rule.Mutating is not { } mutating || mutating == call.Operation.Mutating)
        && (rule.PathContains is not { } part || call.Request.Path.Contains(part, StringComparison.Ordinal));

    private static bool Names(string pattern, string operation) =>
        pattern.EndsWith('*') ? operation.StartsWith(pattern[..^1], StringComparison.Ordinal) : pattern == operation;

    private sealed class ActiveFault(FaultRule rule)
    {
        public FaultRule Rule { get; } = rule;

        public int Seen { get; set; }

        /// <summary>Counts down to zero; a rule without a count starts below it and never arrives.</summary>
        public int Left { get; set; } = rule.Count ?? -1;
    }
}
