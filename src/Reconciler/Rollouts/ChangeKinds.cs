namespace Reconciler.Rollouts;

/// <summary>In what two revisions differ.</summary>
[Flags]
internal enum ChangeKinds
{
    None = 0,
    Image = 1,
    Secrets = 2,
    Template = 4,
}

/// <summary>Compares revisions by what machines would notice.</summary>
internal static class Changes
{
    public static ChangeKinds Between(Revision one, Revision other)
    {
        var kinds = ChangeKinds.None;
        if (one.ImageDigest != other.ImageDigest)
        {
            kinds |= ChangeKinds.Image;
        }

        if (one.SecretsDigest != other.SecretsDigest || !one.SecretNames.SequenceEqual(other.SecretNames))
        {
            kinds |= ChangeKinds.Secrets;
        }

        // Whatever is left of the identity when image and secrets are the same is template.
        var alike = one with
        {
            ImageDigest = other.ImageDigest, SecretsDigest = other.SecretsDigest, SecretNames = other.SecretNames,
        };
        return RevisionId.Give(alike).Id == other.Id ? kinds : kinds | ChangeKinds.Template;
    }

    /// <summary>For people: <c>image and secrets</c>.</summary>
    public static string Words(ChangeKinds kinds) => string.Join(
        " and ", Enum.GetValues<ChangeKinds>().Where(k => k != ChangeKinds.None && kinds.HasFlag(k)).Select(Word));

    private static string Word(ChangeKinds kind) => kind switch
    {
        ChangeKinds.Image => "image",
        ChangeKinds.Secrets => "secrets",
        _ => "template",
    };
}
