using Reconciler.Model;

namespace Reconciler.Reconciling;

/// <summary>The fleet policy as it stands: configuration joined with the resolved image and the secrets.</summary>
internal interface IPolicySource
{
    FleetPolicy Current { get; }
}
