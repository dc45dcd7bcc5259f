using Reconciler.Images;
using Reconciler.Model;
using Reconciler.Secrets;

namespace Reconciler.Configuration;

/// <summary>Joins the configuration with the image and the secrets as they stand.</summary>
public sealed class FleetPolicyFactory(Settings settings, IImageCatalog images, ISecretSource secrets)
{
    /// <summary>The policy at this instant; does no I/O.</summary>
    public FleetPolicy Current() => new()
    {
        OrgSlug = settings.Fly.OrgSlug,
        AppNamePrefix = settings.Fleet.AppNamePrefix,
        Region = settings.Fly.Region,
        Guests = settings.Fleet.Guests,
        Image = images.Fleet,
        Secrets = secrets.Status,
        Env = settings.Fleet.Env,
        Check = settings.Fleet.Check,
        PublicIngress = settings.Fleet.PublicIngress,
        Timings = settings.Timings,
    };
}
