using FlyApi;

namespace Reconciler.Images;

/// <summary>Turns a reference into a digest that exists.</summary>
internal sealed class RegistryResolver(IImageRegistry registry)
{
    /// <param name="image">A digest is looked up as well: one that does not exist would fail at the first machine.</param>
    /// <param name="correct">What to correct when the reference is wrong, for example <c>DOCKER_IMAGE</c>.</param>
    public async Task<Resolution> ResolveAsync(ImageReference image, string correct, CancellationToken cancellationToken)
    {
        try
        {
            var digest = await registry.FindDigestAsync(image, cancellationToken);
            return digest is null
                ? NotThere(image, correct)
                : new Resolution.Found(image.Pin(image.Digest ?? digest), image.ToString());
        }
        catch (FlyApiException exception)
        {
            return Explain(exception.Class, image, correct) with { Details = exception.Message };
        }
    }

    private static Resolution.Failed NotThere(ImageReference image, string correct) =>
        new($"image {image} does not exist in the registry (404)", $"push the {(image.Digest is null ? "tag" : "image")} or correct {correct}");

    private static Resolution.Failed Explain(FlyErrorClass error, ImageReference image, string correct) => error switch
    {
        FlyErrorClass.NotFound => NotThere(image, correct),
        FlyErrorClass.Unauthorised => new(
            $"the registry refuses our token for image {image}",
            $"give FLY_API_TOKEN a token of the organisation that owns the app '{image.Repository}', or correct {correct}"),
        FlyErrorClass.Invalid => new($"the registry calls the reference {image} invalid", $"correct {correct}"),
        _ => new($"image {image} could not be checked, because the registry gives no usable answer", "it is tried again by itself"),
    };
}
