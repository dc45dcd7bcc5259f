using Reconciler.Images;
using Reconciler.Secrets;

namespace Reconciler.Configuration;

/// <summary>Reads where Fly is and which image the fleet runs.</summary>
internal static class FlySection
{
    private const string Image = "DOCKER_IMAGE";

    private static readonly Uri DefaultApi = new("https://api.machines.dev");
    private static readonly Uri DefaultRegistry = new("https://registry.fly.io");

    /// <summary>Null when something that has no default is missing; the problem is then with the reader.</summary>
    public static FlySettings? Read(SettingsReader reader)
    {
        var token = ReadToken(reader);
        var orgSlug = reader.Required<string>(
            "FLY_ORG_SLUG",
            "the organisation's slug (fly orgs list shows it)",
            "a slug of lower-case letters, digits and dashes, as fly orgs list shows it, not the organisation's display name",
            Formats.TrySlug);
        var region = reader.Read(
            "FLY_DEFAULT_REGION", "sin", "a region's three lower-case letters, as fly platform regions shows them", Formats.TryRegion, "sin");
        var api = Address(reader, "FLY_API_HOSTNAME", DefaultApi);
        var registry = Address(reader, "FLY_REGISTRY_HOSTNAME", DefaultRegistry);
        var timeout = reader.Duration(
            "Reconciler:FlyAttemptTimeout", TimeSpan.FromSeconds(20), TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5));
        var scale = reader.Number("Reconciler:RateLimitScale", 1, 0.01, 10_000);
        if (scale > 1 && api == DefaultApi)
        {
            reader.Warn("Reconciler:RateLimitScale", "is above 1, so Fly will answer 429: above 1 is for simulators only");
        }

        return token is null || orgSlug is null ? null : new FlySettings
        {
            Token = token,
            ApiAddress = api,
            RegistryAddress = registry,
            OrgSlug = orgSlug,
            Region = region,
            AttemptTimeout = timeout,
            RateLimitScale = scale,
        };
    }

    public static ImageSource? ReadImage(SettingsReader reader, Uri? registry)
    {
        if (reader.Optional(Image) is not { } text)
        {
            reader.ReportMissing(Image, "an image such as registry.fly.io/vyx-app:deployment-01K9…, or to follow:APP for the image that an app runs");
            return null;
        }

        if (!ImageSource.TryParse(text, out var source, out var problem))
        {
            var why = reader.LooksSecret(text) ? "" : $" {problem};"; // which quotes parts of it
            reader.Problem(Image, $"is {reader.Show(text)}:{why} allowed is an image with a tag or a digest, or follow:APP; correct it");
            return null;
        }

        Warn(reader, source, registry);
        return source;
    }

    private static void Warn(SettingsReader reader, ImageSource source, Uri? registry)
    {
        if (source is ImageSource.Tagged { Image.Tag: "latest" } latest)
        {
            reader.Warn(Image, $"is '{latest.Text}': deploys do not move the tag latest, so machines may stay on an old image; use follow:APP or a deployment tag");
        }

        var image = source switch
        {
            ImageSource.Tagged tagged => tagged.Image,
            ImageSource.Exact exact => exact.Image,
            _ => null,
        };
        if (image is not null && registry == DefaultRegistry && image.Registry != DefaultRegistry.Authority)
        {
            reader.Warn(Image, $"is in the registry '{image.Registry}', but images are looked up at {registry} (FLY_REGISTRY_HOSTNAME)");
        }
    }

    private static SecretText? ReadToken(SettingsReader reader)
    {
        const string Name = "FLY_API_TOKEN";
        const string Purpose = "a token for the whole organisation (fly tokens create org)";

        // fly tokens create prints the scheme before the token, with a space between.
        var token = reader.RequiredSecret(Name, Purpose, allowSpaces: true);
        if (token is null)
        {
            return null;
        }

        var bare = token.Reveal();
        foreach (var scheme in (string[])["FlyV1 ", "Bearer "])
        {
            bare = bare.StartsWith(scheme, StringComparison.OrdinalIgnoreCase) ? bare[scheme.Length..].Trim() : bare;
        }

        if (bare is "" or "FlyV1" or "Bearer" || bare.Any(c => c is <= ' ' or > '~'))
        {
            reader.Problem(Name, $"is not a token (its value is not shown): set it to {Purpose}, in one line");
            return null;
        }

        return token;
    }

    private static Uri Address(SettingsReader reader, string name, Uri fallback) => reader.Read(
        name, fallback, $"an http:// or https:// address such as {fallback.OriginalString}, without user, query or fragment", Formats.TryAddress, fallback.OriginalString);
}
