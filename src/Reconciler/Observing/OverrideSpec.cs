using System.Text.Json;
using System.Text.RegularExpressions;
using FlyApi;
using FlyApi.Contracts;
using Reconciler.Model;
using Reconciler.Texts;

namespace Reconciler.Observing;

/// <summary>The per-user override (<c>user_fly_apps.spec</c>), validated: <c>{"region","image","guest":{"cpu_kind","cpus","memory_mb"},"env":{…}}</c>.</summary>
internal sealed partial record OverrideSpec
{
    private const int MaxLength = 64 * 1024;

    public static OverrideSpec None { get; } = new();

    public string? Region { get; private init; }
    public string? Image { get; private init; }
    public Guest? Guest { get; private init; }
    public IReadOnlyDictionary<string, string> Env { get; private init; } = new Dictionary<string, string>();

    /// <summary>Parses an override; anything unknown or out of range is a problem that says what to put right.</summary>
    public static bool TryParse(string? json, IReadOnlyList<string> secretNames, out OverrideSpec spec, out string? problem)
    {
        spec = None;
        problem = null;
        if (string.IsNullOrWhiteSpace(json))
        {
            return true;
        }

        if (json.Length > MaxLength)
        {
            problem = $"spec is longer than {MaxLength} characters";
            return false;
        }

        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 8 });
            if (document.RootElement.ValueKind == JsonValueKind.Null)
            {
                return true;
            }

            problem = Read(document.RootElement, secretNames, ref spec);
        }
        catch (JsonException exception)
        {
            problem = $"spec is not JSON (line {exception.LineNumber + 1}, byte {exception.BytePositionInLine})";
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            problem = "spec holds text that is not Unicode (half of a surrogate pair)"; // how the JSON reader says so depends on where it stands
        }

        if (problem is not null)
        {
            spec = None;
        }

        return problem is null;
    }

    private static string? Read(JsonElement root, IReadOnlyList<string> secretNames, ref OverrideSpec spec)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            return "spec must be a JSON object";
        }

        foreach (var member in root.EnumerateObject())
        {
            var problem = member.Name switch
            {
                "region" => ReadRegion(member.Value, ref spec),
                "image" => ReadImage(member.Value, ref spec),
                "guest" => ReadGuest(member.Value, ref spec),
                "env" => ReadEnv(member.Value, secretNames, ref spec),
                _ => $"spec has the unknown member '{Shown(member.Name)}'; known are region, image, guest and env",
            };
            if (problem is not null)
            {
                return problem;
            }
        }

        return null;
    }

    private static string? ReadRegion(JsonElement value, ref OverrideSpec spec)
    {
        if (value.ValueKind != JsonValueKind.String || !RegionPattern().IsMatch(value.GetString()!))
        {
            return "spec.region must be three lower-case letters, for example \"sin\"";
        }

        spec = spec with { Region = value.GetString() };
        return null;
    }

    private static string? ReadImage(JsonElement value, ref OverrideSpec spec)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            return "spec.image must be a string";
        }

        if (!ImageReference.TryParse(value.GetString(), out var image, out var problem))
        {
            return "spec.image: " + problem;
        }

        spec = spec with { Image = image.ToString() };
        return null;
    }

    private static string? ReadGuest(JsonElement value, ref OverrideSpec spec)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return "spec.guest must be an object with cpus, memory_mb and optionally cpu_kind";
        }

        var guest = new Guest("shared", 0, 0);
        foreach (var member in value.EnumerateObject())
        {
            switch (member.Name)
            {
                case "cpu_kind" when member.Value.ValueKind == JsonValueKind.String:
                    guest = guest with { CpuKind = member.Value.GetString() };
                    break;
                case "cpus" when member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var cpus):
                    guest = guest with { Cpus = cpus };
                    break;
                case "memory_mb" when member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetInt32(out var memory):
                    guest = guest with { MemoryMb = memory };
                    break;
                default:
                    return $"spec.guest.{Shown(member.Name)} is unknown or has the wrong type";
            }
        }

        if (GuestRules.Problem(guest) is { } wrong)
        {
            return "spec.guest: " + wrong;
        }

        spec = spec with { Guest = guest };
        return null;
    }

    private static string? ReadEnv(JsonElement value, IReadOnlyList<string> secretNames, ref OverrideSpec spec)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return "spec.env must be an object of strings";
        }

        var env = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in value.EnumerateObject())
        {
            if (!EnvNamePattern().IsMatch(member.Name))
            {
                return $"spec.env has the name '{Shown(member.Name)}'; names are A-Z, 0-9 and _, and begin with a letter or _";
            }

            if (secretNames.Contains(member.Name, StringComparer.Ordinal))
            {
                return $"spec.env must not hold {member.Name}: it is an app secret";
            }

            if (member.Value.ValueKind != JsonValueKind.String)
            {
                return $"spec.env.{Shown(member.Name)} must be a string";
            }

            var text = member.Value.GetString()!;
            if (text.Contains('\0', StringComparison.Ordinal))
            {
                return $"spec.env.{Shown(member.Name)} holds a NUL character, which no environment can";
            }

            env[member.Name] = text;
        }

        spec = spec with { Env = env };
        return null;
    }

    private static string Shown(string text) => UntrustedText.Clean(text, 40);

    [GeneratedRegex(@"^[a-z]{3}\z", RegexOptions.CultureInvariant)]
    private static partial Regex RegionPattern();

    [GeneratedRegex(@"^[A-Z_][A-Z0-9_]*\z", RegexOptions.CultureInvariant)]
    private static partial Regex EnvNamePattern();
}
