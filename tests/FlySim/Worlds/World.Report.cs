using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using FlySim.Admin;
using FlySim.Model;

namespace FlySim.Worlds;

public sealed partial class World
{
    /// <summary>The world as it is, brought up to date first.</summary>
    public SimState Snapshot() => Run(Report);

    /// <summary>The world as it is, for tests to judge. Values appear as hashes only.</summary>
    internal SimState Report() => new(
        Now,
        Options.Org,
        [.. _apps.Values.OrderBy(a => a.Name, StringComparer.Ordinal).Select(Report)],
        [.. Images],
        [.. _running.Overlaps],
        _running.MostByUser(),
        CallCount)
    {
        FewestUsersRunning = _running.FewestUsers,
    };

    internal void WatchUsers() => _running.WatchUsers();

    internal static string HashOf(string value) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)));

    private AppState Report(SimApp app) => new(
        app.Name,
        app.Org,
        app.Network,
        app.Deleting,
        _running.Now(RunningSet.OfApp(app.Name)),
        _running.Most(RunningSet.OfApp(app.Name)),
        app.Secrets.Latest.Version,
        app.Secrets.Latest.Secrets.ToDictionary(s => s.Key, s => HashOf(s.Value.Value), StringComparer.Ordinal),
        [.. app.Ips.Select(ip => ip.Address)],
        [.. app.Machines.Values.OrderBy(m => m.CreatedAt).ThenBy(m => m.Id, StringComparer.Ordinal).Select(Report)]);

    private MachineState Report(SimMachine machine) => new(
        machine.Id,
        machine.Name,
        machine.State,
        machine.Region,
        machine.Current.InstanceId,
        machine.HostStatus,
        machine.ProcessAlive,
        machine.Current.Config.Image,
        machine.Current.Image.Image.Digest,
        machine.Current.Config.Guest?.DeepClone() as JsonObject,
        machine.Current.Config.Node["metadata"]?.DeepClone() as JsonObject,
        [.. machine.Current.Config.Env.Keys.Order(StringComparer.Ordinal)],
        (machine.Boot?.Env ?? new Dictionary<string, string>()).ToDictionary(e => e.Key, e => HashOf(e.Value), StringComparer.Ordinal),
        machine.Boot?.SecretsVersion,
        ActiveLease(machine)?.Owner,
        machine.Versions.Count,
        machine.CreatedAt,
        machine.UpdatedAt);
}
