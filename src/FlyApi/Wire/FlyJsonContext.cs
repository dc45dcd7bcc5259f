using System.Text.Json.Serialization;
using FlyApi.Contracts;

namespace FlyApi.Wire;

/// <summary>Every JSON shape that crosses the wire. Nulls are left out when writing: to Fly a null is a value.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(LenientInt32), typeof(LenientInt64), typeof(LenientBoolean), typeof(LenientInstant), typeof(TextMap)])]
[JsonSerializable(typeof(MachineConfig))]
[JsonSerializable(typeof(WireMachine))]
[JsonSerializable(typeof(List<WireMachine?>), TypeInfoPropertyName = "MachineList")]
[JsonSerializable(typeof(WireCreateMachine))]
[JsonSerializable(typeof(WireUpdateMachine))]
[JsonSerializable(typeof(WireLease))]
[JsonSerializable(typeof(WireLeaseRequest))]
[JsonSerializable(typeof(WireMetadataPatch))]
[JsonSerializable(typeof(WireStart))]
[JsonSerializable(typeof(WireWait))]
[JsonSerializable(typeof(WireCreateApp))]
[JsonSerializable(typeof(WireCreatedApp))]
[JsonSerializable(typeof(WireApp))]
[JsonSerializable(typeof(WireApps))]
[JsonSerializable(typeof(WireSecrets))]
[JsonSerializable(typeof(WireSetSecrets))]
[JsonSerializable(typeof(WirePlacementRequest))]
[JsonSerializable(typeof(WirePlacements))]
[JsonSerializable(typeof(WireRegions))]
[JsonSerializable(typeof(WireTokens))]
[JsonSerializable(typeof(WireIp))]
[JsonSerializable(typeof(WireIps))]
[JsonSerializable(typeof(WireIpRequest))]
internal sealed partial class FlyJsonContext : JsonSerializerContext;
