using System.Text.Json;
using System.Text.Json.Nodes;
using FlySim.Model;
using FlySim.Validation;

namespace FlySim.Http;

/// <summary>Parses and checks a request's JSON object.</summary>
internal static class BodyReader
{
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    /// <exception cref="RefusedException">400 for what is not an object of the operation's shape.</exception>
    public static JsonObject Parse(Operation operation, byte[] bytes)
    {
        if (operation.Shape is not { } shape)
        {
            return [];
        }

        if (bytes.Length == 0)
        {
            return operation.BodyOptional ? [] : throw new RefusedException(400, "invalid_argument: request body is required");
        }

        var body = ParseObject(bytes);
        ShapeCheck.Require(shape, body);
        return body;
    }

    private static JsonObject ParseObject(byte[] bytes)
    {
        try
        {
            return JsonNode.Parse(bytes, documentOptions: Strict) as JsonObject
                ?? throw new RefusedException(400, "invalid_argument: json: request body must be an object");
        }
        catch (JsonException problem)
        {
            throw new RefusedException(400, $"invalid_argument: json: line {problem.LineNumber}, byte {problem.BytePositionInLine} is not valid JSON");
        }
    }
}
