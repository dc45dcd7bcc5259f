using System.Text.Json.Nodes;
using FlySim.Admin;
using FlySim.Http;
using FlySim.Model;

namespace FlySim.Endpoints;

/// <summary>Create, read, list, update and destroy machines.</summary>
internal static class MachineEndpoints
{
    private const string MetadataPrefix = "metadata.";

    public static void Map(Routes routes)
    {
        const string All = "/v1/apps/{app}/machines";
        const string One = All + "/{machine}";
        routes.Map("GET", All, Operation.Read("machines.list"), List);
        routes.Map("POST", All, Operation.Write("machines.create", "CreateMachineRequest"), Create);
        routes.Map("GET", One, Operation.Read("machines.get"), Get);
        routes.Map("POST", One, Operation.Write("machines.update", "UpdateMachineRequest"), Update);
        routes.Map("DELETE", One, Operation.Write("machines.delete"), Delete);
        routes.Map("GET", One + "/events", Operation.Read("machines.events"), Events);
        routes.Map("GET", One + "/versions", Operation.Read("machines.versions"), Versions);
    }

    private static Reply Create(Call call)
    {
        var machine = call.World.CreateMachine(call.App(), call.Body);
        return Full(call, machine, machine.Lease?.Nonce);
    }

    private static Reply Get(Call call)
    {
        var machine = call.Machine();
        if (call.StaleMs == 0)
        {
            return Full(call, machine);
        }

        var view = call.World.View(machine, call.StaleMs) ?? throw new RefusedException(404, "machine not found");
        var then = call.World.Now - TimeSpan.FromMilliseconds(call.StaleMs);
        return Reply.Written(writer => MachineJson.Write(writer, machine, call.World.Settings, then, view));
    }

    private static Reply Update(Call call)
    {
        var machine = call.Machine();
        call.World.UpdateMachine(machine, call.Body, call.Nonce);
        return Full(call, machine);
    }

    private static Reply Delete(Call call)
    {
        // fly-go says "kill" where the documentation says "force".
        call.World.Destroy(call.Machine(), call.Flag("force") || call.Flag("kill"), call.Nonce);
        return Reply.Ok(new JsonObject { ["ok"] = true });
    }

    private static Reply List(Call call)
    {
        var app = call.App();
        if (call.IsFault(FaultKinds.EmptyList))
        {
            return Reply.Ok(new JsonArray());
        }

        var filter = ListFilter.From(call);
        var summary = call.Flag("summary");
        var rows = from machine in app.Machines.Values
                   let view = call.World.View(machine, call.ListLagMs)
                   where view is not null && filter.Keeps(view) && HasMetadata(call, view)
                   orderby machine.CreatedAt, machine.Id
                   select (machine, view);
        return Reply.Written(writer =>
        {
            writer.WriteStartArray();
            foreach (var (machine, view) in rows)
            {
                if (summary)
                {
                    MachineJson.WriteSummary(writer, machine, call.World.Settings, view);
                }
                else
                {
                    MachineJson.Write(writer, machine, call.World.Settings, call.World.Now, view);
                }
            }

            writer.WriteEndArray();
        });
    }

    private static bool HasMetadata(Call call, ListView view)
    {
        if (call.Request.QueryString is null)
        {
            return true;
        }

        var wanted = call.Request.Query.Where(q => q.Key.StartsWith(MetadataPrefix, StringComparison.Ordinal)).ToList();
        return wanted.Count == 0 || (view.Version.Config.Metadata is var metadata
            && wanted.All(q => metadata.TryGetValue(q.Key[MetadataPrefix.Length..], out var value) && value == q.Value.ToString()));
    }

    private static Reply Events(Call call)
    {
        const int Default = 20;
        const int Most = 50;
        var machine = call.Machine();
        var limit = (int)Math.Clamp(call.Number("limit") ?? Default, 1, Most);
        return Reply.Written(writer => MachineJson.WriteEvents(writer, machine, limit, call.World.Now));
    }

    private static Reply Versions(Call call) => Reply.Ok(new JsonArray([.. call.Machine().Versions.AsEnumerable().Reverse().Select(v =>
        new JsonObject { ["version"] = v.InstanceId, ["user_config"] = v.Config.Node.DeepClone() })]));

    private static Reply Full(Call call, SimMachine machine, string? nonce = null) => Reply.Written(writer =>
        MachineJson.Write(writer, machine, call.World.Settings, call.World.Now, nonce: nonce));
}
