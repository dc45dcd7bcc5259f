using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FlySim.Admin;

namespace FlySim.Http;

/// <summary>Answers to requests that took effect, in forms that a client has to survive.</summary>
internal static class Spoilt
{
    private const long HundredMegabytes = 100L * 1024 * 1024;
    private const int VeryDeep = 10_000;

    /// <summary>The answer as it arrives; itself when the fault is of another kind.</summary>
    public static Reply Answer(FaultRule fault, Reply reply) => fault.Kind switch
    {
        FaultKinds.Truncate => reply with { Body = reply.Body[..(reply.Body.Length / 2)] },
        FaultKinds.Cut => reply with { Body = reply.Body[..(reply.Body.Length / 2)], FullLength = reply.Body.Length, BreaksOff = true },
        FaultKinds.EmptyBody => new Reply(200, default),
        FaultKinds.WrongShape => Reply.Text(200, fault.Body ?? """{"result":[[],{"machine":7}]}""", Reply.Json),
        FaultKinds.UnknownState => reply with { Body = WithUnknownState(reply.Body) },
        FaultKinds.Deep => Reply.Text(200, Nested((int)(fault.Size ?? VeryDeep)), Reply.Json),
        FaultKinds.Huge => reply with
        {
            Status = reply.Status == 204 ? 200 : reply.Status,
            FullLength = Math.Max(fault.Size ?? HundredMegabytes, reply.Body.Length),
            Unannounced = fault.Unannounced,
        },
        _ => reply,
    };

    private static string Nested(int depth) => new StringBuilder(2 * depth).Append('[', depth).Append(']', depth).ToString();

    private static ReadOnlyMemory<byte> WithUnknownState(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return body;
        }

        var root = JsonNode.Parse(body.Span);
        Rename(root);
        return JsonSerializer.SerializeToUtf8Bytes(root);
    }

    private static void Rename(JsonNode? node)
    {
        switch (node)
        {
            case JsonObject members:
                if (members["state"] is JsonValue)
                {
                    members["state"] = "hibernating";
                }

                foreach (var (_, member) in members)
                {
                    Rename(member);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Rename(item);
                }

                break;
        }
    }
}
