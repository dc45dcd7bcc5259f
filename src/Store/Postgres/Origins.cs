namespace Store;

/// <summary><see cref="OwnershipOrigin"/> as the column spells it.</summary>
internal static class Origins
{
    public static string Text(OwnershipOrigin origin) => origin switch
    {
        OwnershipOrigin.Created => "created",
        OwnershipOrigin.Inherited => "inherited",
        OwnershipOrigin.Adopted => "adopted",
        _ => throw new ArgumentOutOfRangeException(nameof(origin), origin, null),
    };

    public static OwnershipOrigin Parse(string text) => text switch
    {
        "created" => OwnershipOrigin.Created,
        "inherited" => OwnershipOrigin.Inherited,
        "adopted" => OwnershipOrigin.Adopted,
        _ => throw new StoreSchemaException($"fly_reconciler.ownership has the unknown origin '{text}'"),
    };
}
