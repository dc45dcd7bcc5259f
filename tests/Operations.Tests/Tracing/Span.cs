namespace Operations.Tests.Tracing;

/// <summary>A span as it was exported.</summary>
/// <param name="Parent">Empty for the root of a trace.</param>
/// <param name="Attributes">Texts and whole numbers.</param>
internal sealed record Span(string Trace, string Id, string Parent, string Name, IReadOnlyDictionary<string, string> Attributes)
{
    /// <summary>Field numbers from OTLP's trace.proto and common.proto.</summary>
    public static IEnumerable<Span> Read(ReadOnlyMemory<byte> request) =>
        from resource in Protobuf.All(request, 1)
        from scope in Protobuf.All(resource, 2)
        from span in Protobuf.All(scope, 2)
        select new Span(
            Hex(Protobuf.One(span, 1)),
            Hex(Protobuf.One(span, 2)),
            Hex(Protobuf.One(span, 4)),
            Protobuf.Text(Protobuf.One(span, 5)),
            Protobuf.All(span, 9).ToDictionary(a => Protobuf.Text(Protobuf.One(a, 1)), a => Value(Protobuf.One(a, 2)), StringComparer.Ordinal));

    private static string Hex(ReadOnlyMemory<byte> bytes) => Convert.ToHexStringLower(bytes.Span);

    private static string Value(ReadOnlyMemory<byte> any) => Protobuf.Fields(any).Select(f => f.Field switch
    {
        1 => Protobuf.Text(f.Bytes),
        3 => f.Number.ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => "",
    }).FirstOrDefault("");
}
