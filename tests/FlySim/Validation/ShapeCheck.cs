using System.Text.Json;
using System.Text.Json.Nodes;
using FlySim.Model;

namespace FlySim.Validation;

/// <summary>Refuses a body with a member that the API does not know, or of another type than it takes.</summary>
internal static class ShapeCheck
{
    private static readonly Dictionary<string, Shape> Shapes =
        new[] { RequestShapes.All, MachineShapes.All, ServiceShapes.All, ContainerShapes.All }
            .SelectMany(list => list)
            .ToDictionary(s => s.Name, StringComparer.Ordinal);

    public static IReadOnlyCollection<Shape> All => Shapes.Values;

    public static void Require(string shape, JsonObject body) => RequireObject(shape, body, "");

    private static void RequireObject(string shapeName, JsonObject node, string path)
    {
        var shape = Shapes[shapeName];
        foreach (var (name, value) in node)
        {
            if (!shape.Members.TryGetValue(name, out var type))
            {
                throw new RefusedException(400, $"invalid_argument: json: unknown field \"{path}{name}\" in {shapeName}");
            }

            RequireType(type, value, path + name);
        }
    }

    private static void RequireType(string type, JsonNode? value, string path)
    {
        if (value is null)
        {
            return; // Go's decoder takes null for "absent" everywhere.
        }

        if (!Fits(type, value, path))
        {
            throw new RefusedException(400, $"invalid_argument: json: cannot unmarshal {value.GetValueKind()} into field \"{path}\" of type {type}");
        }
    }

    private static bool Fits(string type, JsonNode value, string path)
    {
        if (type.Contains('|', StringComparison.Ordinal))
        {
            return type.Split('|').Any(t => Fits(t, value, path));
        }

        var kind = value.GetValueKind();
        switch (type)
        {
            case "string":
                return kind == JsonValueKind.String;
            case "boolean":
                return kind is JsonValueKind.True or JsonValueKind.False;
            case "integer":
                return kind == JsonValueKind.Number && value.AsValue().TryGetValue<int>(out _);
            case "long":
                return kind == JsonValueKind.Number && value.AsValue().TryGetValue<long>(out _);
            case "number":
                return kind == JsonValueKind.Number;
            case "duration":
                return kind == JsonValueKind.String || (kind == JsonValueKind.Number && value.AsValue().TryGetValue<long>(out _));
            case "object":
                return kind == JsonValueKind.Object;
            default:
                return FitsParts(type, value, path);
        }
    }

    private static bool FitsParts(string type, JsonNode value, string path)
    {
        switch (type[0], value)
        {
            case ('[', JsonArray list):
                for (var i = 0; i < list.Count; i++)
                {
                    RequireType(type[1..^1], list[i], $"{path}[{i}]");
                }

                return true;
            case ('{', JsonObject map):
                foreach (var (key, item) in map)
                {
                    RequireType(type[1..^1], item, $"{path}.{key}");
                }

                return true;
            case (not ('[' or '{'), JsonObject nested):
                RequireObject(type, nested, path + ".");
                return true;
            default:
                return false;
        }
    }
}
