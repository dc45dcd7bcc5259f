using System.Net;
using Reconciler.Health;

namespace Reconciler.Configuration;

/// <summary>Where the controller answers for its own health and metrics.</summary>
/// <param name="Bind">Null = every interface, IPv6 and IPv4.</param>
/// <param name="Port">0 = any free port.</param>
public sealed record HttpSettings(IPAddress? Bind, int Port);

/// <summary>How machines are asked for their health.</summary>
/// <param name="Address">Null = they are not asked.</param>
public sealed record HealthProbeSettings(ProbeAddress? Address, TimeSpan Timeout);
