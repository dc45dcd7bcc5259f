namespace FlySim.Validation;

/// <summary>
/// What members an object may have and of which types: <c>string</c>, <c>integer</c> (32 bits), <c>long</c>, <c>number</c>, <c>boolean</c>,
/// <c>object</c> (anything in braces), <c>duration</c> (text or nanoseconds), alternatives with a bar, <c>[T]</c> for a list and <c>{T}</c>
/// for a map of T, or the name of another shape.
/// </summary>
internal sealed class Shape(string name, params (string Name, string Type)[] members)
{
    public string Name { get; } = name;

    public IReadOnlyDictionary<string, string> Members { get; } =
        members.ToDictionary(m => m.Name, m => m.Type, StringComparer.Ordinal);
}
