namespace FlySim.Admin;

public sealed partial class SimControl
{
    /// <summary>Every tag with what it points at.</summary>
    public IReadOnlyList<ImageInfo> Images() => _world.Run(() => _world.Images.ToArray());

    public ImageInfo RegisterImage(RegisterImage image) => _world.Mutate(() => _world.RegisterImage(image));

    /// <summary>Registers an image by reference; an existing tag moves, an existing digest changes its behaviour.</summary>
    public ImageInfo RegisterImage(string reference, ImageBehaviour behaviour = ImageBehaviour.Healthy) =>
        RegisterImage(new RegisterImage { Ref = reference, Behaviour = behaviour });

    /// <summary>Points an existing tag at another digest.</summary>
    public ImageInfo MoveTag(string reference, string digest, ImageBehaviour behaviour = ImageBehaviour.Healthy) =>
        RegisterImage(new RegisterImage { Ref = reference, Digest = digest, Behaviour = behaviour });

    /// <summary>Removes a tag, and the manifest with it when no other tag names it; false when there is none.</summary>
    public bool RemoveImage(string reference) => _world.Mutate(() => _world.RemoveImage(reference));

    /// <summary>The registry drops the manifest with every tag that names it; false when there is none. What runs it runs on.</summary>
    public bool PruneImage(string reference) => _world.Mutate(() => _world.PruneImage(reference));
}
