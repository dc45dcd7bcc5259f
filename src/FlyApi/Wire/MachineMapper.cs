using System.Text.Json;
using FlyApi.Contracts;

namespace FlyApi.Wire;

/// <summary>From the wire to the contract. Only an id and a state are indispensable; everything else may be missing or new.</summary>
internal static class MachineMapper
{
    /// <exception cref="JsonException">No id or no state: acting on such a machine would be guessing.</exception>
    public static Machine Map(WireMachine? wire)
    {
        if (wire is null || !Rows.IsIdentifier(wire.Id) || string.IsNullOrEmpty(wire.State))
        {
            throw new JsonException("a machine without id or state");
        }

        var config = Normalise(wire.Config);
        return new Machine
        {
            Id = wire.Id,
            Name = wire.Name,
            State = wire.State,
            Region = wire.Region,
            InstanceId = string.IsNullOrEmpty(wire.Version) ? wire.InstanceId : wire.Version,
            PrivateIp = wire.PrivateIp,
            CreatedAt = wire.CreatedAt,
            UpdatedAt = wire.UpdatedAt,
            Config = config,
            IncompleteConfig = Normalise(wire.IncompleteConfig),
            ImageRef = wire.ImageRef,
            HostStatus = string.IsNullOrEmpty(wire.HostStatus) ? null : wire.HostStatus,
            Checks = Checks(wire.Checks ?? [], config),
            Events = Events(wire.Events ?? []),
            Nonce = string.IsNullOrEmpty(wire.Nonce) ? null : wire.Nonce,
        };
    }

    private static MachineConfig? Normalise(MachineConfig? config) =>
        config is { Services: { } services } ? config with { Services = ServicesJson.Normalise(services) } : config;

    private static List<CheckStatus> Checks(List<WireCheck?> checks, MachineConfig? config)
    {
        var kept = new List<CheckStatus>();
        foreach (var check in checks)
        {
            if (check?.Name is { } name && IsTopLevel(name) && (config is null || config.Checks?.ContainsKey(name) == true))
            {
                kept.Add(new CheckStatus(name, check.Status, check.Output, check.UpdatedAt));
            }
        }

        return kept;
    }

    // Fly reports service checks, and checks that it injects for its own compatibility, among the top-level ones.
    private static bool IsTopLevel(string name) =>
        !name.StartsWith("servicecheck-", StringComparison.Ordinal) && !name.StartsWith("bg_deployments_compat", StringComparison.Ordinal);

    private static List<MachineEvent> Events(List<WireEvent?> events)
    {
        var mapped = new List<MachineEvent>();
        foreach (var wire in events)
        {
            if (wire is not null)
            {
                mapped.Add(EventMapper.Map(wire));
            }
        }

        // Newest first, which is how Fly sends them; a stable sort leaves that as it is.
        return [.. mapped.OrderByDescending(static entry => entry.Timestamp)];
    }
}
