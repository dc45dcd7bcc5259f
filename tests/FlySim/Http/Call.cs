using System.Globalization;
using System.Text.Json.Nodes;
using FlySim.Admin;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Http;

/// <summary>One request with what its handler needs to know of it.</summary>
internal sealed class Call(SimRequest request, Operation operation, World world, string requestId)
{
    private const int DefaultAgeMs = 10_000;

    public Operation Operation { get; } = operation;

    public World World { get; } = world;

    public string RequestId { get; } = requestId;

    public SimRequest Request { get; } = request;

    public CancellationToken Aborted => Request.Aborted;

    /// <summary>Set before the handler runs; empty when there is no body.</summary>
    public JsonObject Body { get; set; } = [];

    /// <summary>The fault that strikes this request, if any.</summary>
    public FaultRule? Fault { get; set; }

    public string? AppName => Route("app");

    public string? MachineId => Route("machine");

    public string? Nonce => Request.Header("fly-machine-lease-nonce");

    /// <summary>How far behind lists are that this request reads.</summary>
    public int ListLagMs => Math.Max(World.Settings.ListLagMs, StaleMs);

    /// <summary>How far behind everything is that this request reads: nothing, unless a fault says so.</summary>
    public int StaleMs => IsFault(FaultKinds.Stale) && !Operation.Mutating ? Fault!.AgeMs ?? DefaultAgeMs : 0;

    public bool IsFault(string kind) => Fault?.Kind == kind;

    public string? Route(string name) => Request.Route(name);

    public string? Query(string name) => Request.QueryValue(name);

    public bool Flag(string name) => Query(name) is "true" or "1";

    public long? Number(string name) => Query(name) is not { } text
        ? null
        : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new RefusedException(400, $"invalid_argument: {name} must be a number");

    public SimApp App() => StaleMs > 0 ? World.AppOf(AppName!, StaleMs) : World.App(AppName!);

    public SimMachine Machine() => World.Machine(App(), MachineId!);

    public string? Text(string member) => Body[member]?.GetValue<string>();
}
