using System.Text.Json.Nodes;
using FlySim.Validation;

namespace FlySim.Tests;

/// <summary>What the simulator takes, against the official description of the API.</summary>
public sealed class OfficialDescriptionTests
{
    // What Fly's own clients send though the description does not have it.
    private static readonly string[] KnownExtras = ["CreateAppRequest.app_name", "CreateAppRequest.app_role_id"];

    private readonly OfficialDescription? _description = OfficialDescription.Find();

    [OfficialFact]
    public void Requests_may_have_the_described_members_and_no_others()
    {
        var differences = ShapeCheck.All.SelectMany(shape =>
        {
            var described = (_description!.Schema(shape.Name)["properties"] as JsonObject ?? []).Select(p => p.Key).ToHashSet(StringComparer.Ordinal);
            return shape.Members.Keys.Where(m => !described.Contains(m)).Concat(described.Where(m => !shape.Members.ContainsKey(m)))
                .Select(m => $"{shape.Name}.{m}");
        });

        Assert.Equal(KnownExtras, differences.Order(StringComparer.Ordinal));
    }

    [OfficialFact]
    public void Members_of_requests_have_the_described_types()
    {
        var differences = from shape in ShapeCheck.All
                          from member in shape.Members
                          let described = _description!.Schema(shape.Name)["properties"]?[member.Key] as JsonObject
                          where described is not null
                          let type = _description!.Resolve(described)["type"]?.GetValue<string>()
                          where type != JsonType(member.Value)
                          select $"{shape.Name}.{member.Key}: {member.Value} here, {type} there";

        Assert.Empty(differences);
    }

    // The two that the platform takes in more than the described form: durations and autostop, both described as text.
    private static string JsonType(string type) => type switch
    {
        "long" => "integer",
        "duration" or "string|boolean" => "string",
        "string" or "integer" or "number" or "boolean" or "object" => type,
        ['[', ..] => "array",
        _ => "object",
    };
}
