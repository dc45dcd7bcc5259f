using System.Text.Json.Nodes;
using FlySim;
using FlySim.Admin;
using FlySim.Model;
using Reconciler.Configuration;
using Reconciler.Images;

namespace Simulation.Worlds;

/// <summary>
/// The simulated platform as the simulation uses it: the very world that FlySim serves over HTTP, behind a client handler, and
/// what people, hosts and the platform itself do to it.
/// </summary>
internal sealed class FlyModel : IDisposable
{
    private readonly SimWorld _world;
    private readonly FlySim.Worlds.World _fly;
    private readonly HttpMessageInvoker _handler;
    private readonly HashSet<string> _persons = new(StringComparer.Ordinal);
    private readonly HashSet<string> _gifts = new(StringComparer.Ordinal);
    private static readonly TimeSpan HealLook = TimeSpan.FromSeconds(1);
    private bool _calm;
    private int _pushes;
    private bool _away;

    public FlyModel(SimWorld world, SimSettings settings)
    {
        _world = world;
        var fly = InProcessFly.Create(new FlySimOptions
        {
            Org = Names.Org,
            Token = Names.Token,
            Seed = (int)(world.Seed & int.MaxValue),
            Settings = settings,
            TimeProvider = new WorldClock(world.Scheduler),
            KeptCalls = 0,
        });
        _fly = fly.World;
        _handler = new HttpMessageInvoker(fly.Handler);
        MoveTag(Names.Image, ImageBehaviour.Healthy, note: false);
    }

    public IReadOnlyList<Overlap> Overlaps => _fly.Overlaps;

    public void Dispose() => _handler.Dispose();

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_away)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, "no route to host");
        }

        try
        {
            return await _handler.SendAsync(request, cancellationToken);
        }
        finally
        {
            _world.Watch.CheckOneMachine();
        }
    }

    public void CatchUp()
    {
        _fly.Run(() => { });
        _world.Watch.CheckOneMachine();
    }

    // ---- What is -------------------------------------------------------------------------------------------------

    /// <summary>Live machines; null when there is no such app in our organisation.</summary>
    public IReadOnlyList<SimMachine>? MachinesOf(string app) => Find(app) is { } found ? [.. found.LiveMachines] : null;

    /// <summary>Fly has accepted to delete the app and has not done it yet.</summary>
    public bool IsGoing(string app) => Find(app)?.Deleting == true;

    public bool IsOurs(string app) => Find(app) is not null;

    /// <summary>Whoever's it is.</summary>
    public bool Exists(string app) => _fly.Peek(app) is not null;

    public IEnumerable<string> OurApps() => _fly.Apps
        .Where(a => a.Org == Names.Org && a.Name.StartsWith("vyx-user-", StringComparison.Ordinal))
        .Select(a => a.Name)
        .Order(StringComparer.Ordinal);

    /// <summary>What stands and runs, app by app: any change of it is a deletion, a stop, or something made anew.</summary>
    public Dictionary<string, FleetMachine> Fleet()
    {
        CatchUp();
        return OurApps().ToDictionary(
            a => a,
            a => Find(a)!.LiveMachines.OrderBy(m => m.Id, StringComparer.Ordinal).Select(m => new FleetMachine(m.Id, m.Current.InstanceId, m.State)).FirstOrDefault()
                ?? FleetMachine.None,
            StringComparer.Ordinal);
    }

    public string MachineOf(string app) => FindMachineOf(app) ?? throw new InvalidOperationException($"{app} has no machine");

    /// <summary>After everything that was due has happened.</summary>
    public string? FindMachineOf(string app) => _fly.Run(() => Find(app)?.LiveMachines.Where(m => m.State != States.Destroying).OrderBy(m => m.Id, StringComparer.Ordinal).FirstOrDefault()?.Id);

    /// <summary>Whether a person put the app into our organisation when we had let go of it: nothing says that it is ours.</summary>
    public bool IsAGift(string app) => _gifts.Contains(app);

    /// <summary>Whether a person made or started this machine: what it then does is not the controller's doing.</summary>
    public bool IsAPersons(string machine) => _persons.Contains(machine);

    public string? DigestOf(string reference) => _fly.Run(() => _fly.Find(ImageName.Parse(reference))?.Digest);

    public string WantedImage(Settings settings) => settings.Image is ImageSource.Tagged tagged ? tagged.Image.ToString() : Names.Image;

    // ---- What people do ------------------------------------------------------------------------------------------

    public void Stop(string machine) => ByHand($"somebody stops {machine}", () => _fly.StopAtOnce(Machine(machine)));

    public void Destroy(string machine) => ByHand($"somebody destroys {machine}", () => _fly.DestroyAtOnce(Machine(machine)));

    public void EditGuest(string machine, int cpus, int memoryMb) => Edit(machine, "guest", new EditMachine
    {
        Guest = new JsonObject { ["cpu_kind"] = "shared", ["cpus"] = cpus, ["memory_mb"] = memoryMb },
    });

    public void EditEnv(string machine, string name, string value) => Edit(machine, "environment", new EditMachine
    {
        Env = new JsonObject { [name] = value },
    });

    public void DropMetadata(string machine) => Edit(machine, "metadata", new EditMachine { Metadata = [] });

    /// <summary>Only whose it is, and who manages it: what else we noted stays.</summary>
    public void DropOwner(string machine)
    {
        var kept = Machine(machine).Current.Config.Metadata.Where(m => m.Key is not ("managed_by" or "reconciler_user_id"));
        Edit(machine, "metadata", new EditMachine { Metadata = new JsonObject(kept.Select(m => KeyValuePair.Create(m.Key, (JsonNode?)m.Value))) });
    }

    /// <summary>Of a machine that is reached from outside: who does not get requests is stopped.</summary>
    public void LetTheProxyStop(string machine)
    {
        var config = (JsonObject)Machine(machine).Current.Config.Node.DeepClone();
        foreach (var service in config["services"]!.AsArray())
        {
            service!["autostop"] = true; // how the platform says "stop"
        }

        Edit(machine, "services", new EditMachine { Config = config });
    }

    public void Move(string machine, string region) => Edit(machine, "region", new EditMachine { Region = region });

    /// <summary>Its program answers its check with an error until it is started anew.</summary>
    public void MakeIll(string machine)
    {
        Edit(machine, "health", new EditMachine { Healthy = false });
        var boot = Machine(machine).Boot;
        _world.Scheduler.After(HealLook, Heal);

        void Heal()
        {
            if (!Find(machine, out var ill))
            {
                return;
            }

            // One that was destroyed while its host was away may come back with it, as it was.
            if ((ill.IsDestroyed || ill.Boot == boot) && !_calm)
            {
                _world.Scheduler.After(HealLook, Heal);
            }
            else
            {
                _fly.Run(() => ill.HealthOverride = null);
            }
        }
    }

    public void Duplicate(string app)
    {
        if (Find(app) is not { } found || found.LiveMachines.FirstOrDefault() is not { } like)
        {
            return;
        }

        ByHand($"somebody makes a second machine in {app}", () =>
        {
            var planted = _fly.Plant(found, new PlantMachine { Config = (JsonObject)like.Current.Config.Node.DeepClone(), Region = like.Region });
            _persons.Add(planted.Id);
        });
    }

    public void RemoveApp(string app)
    {
        if (Find(app) is not null)
        {
            ByHand($"somebody deletes {app}", () => _fly.RemoveAppAtOnce(app));
        }
    }

    /// <summary>Somebody moves the app to another organisation, as it is; what runs in it there is that person's doing.</summary>
    /// <returns>False when there is nothing to move.</returns>
    public bool HandOver(string app, string to)
    {
        if (_fly.Peek(app) is not { } found || found.Deleting || found.Org == to)
        {
            return false;
        }

        _persons.UnionWith(found.LiveMachines.Select(m => m.Id));
        ByHand($"somebody moves {app} to the organisation {to}", () => _fly.HandOver(found, to));
        if (to == Names.Org && !_world.Database.IsOurs(app) && !_world.Database.HasIntent(app))
        {
            _gifts.Add(app);
        }

        return true;
    }

    public void TamperSecret(string app, string name)
    {
        if (Find(app) is { } found)
        {
            ByHand($"somebody changes the secret {name} of {app}", () => found.Secrets.Merge([new(name, "tampered")], _world.Scheduler.Now));
        }
    }

    public void Squat(string app)
    {
        if (_fly.Apps.All(a => a.Name != app))
        {
            ByHand($"another organisation takes the name {app}", () => _fly.Plant(new PlantApp { Name = app, Org = "somebody-else" }));
        }
    }

    /// <summary>An app as an older function or a person made it.</summary>
    public void PlantEstate(string app, string? machineName, string region, int cpus, int memoryMb, Guid user) => ByHand($"{app} was there before us", () =>
        _fly.Plant(new PlantApp
        {
            Name = app,
            Machines =
            [
                new PlantMachine
                {
                    Name = machineName ?? app + "-main",
                    Region = region,
                    Config = new JsonObject
                    {
                        ["image"] = Names.Image,
                        ["guest"] = new JsonObject { ["cpu_kind"] = "shared", ["cpus"] = cpus, ["memory_mb"] = memoryMb },
                        ["env"] = new JsonObject
                        {
                            ["USER_ID"] = user.ToString(),
                            ["RUN_MODE"] = "user_dedicated",
                            ["SUPABASE_URL"] = Names.Host + "_supabase",
                            ["SUPABASE_SERVICE_KEY"] = "an-old-key-in-the-clear",
                        },
                        ["services"] = new JsonArray(new JsonObject { ["internal_port"] = 8080, ["protocol"] = "tcp" }),
                    },
                },
            ],
        }));

    // ---- What hosts and the platform do --------------------------------------------------------------------------

    public void Fail(string machine) => ByHand($"{machine} fails", () => _fly.FailAtOnce(Machine(machine)));

    public void HostDown(string machine, bool programRunsOn) =>
        ByHand($"the host of {machine} is away", () => _fly.HostDown(Machine(machine), programRunsOn));

    public void HostUp(string machine)
    {
        if (Find(machine, out var found) && !found.HostOk)
        {
            ByHand($"the host of {machine} is back", () => _fly.HostUp(found));
        }
    }

    public void AllHostsUp()
    {
        foreach (var machine in _fly.Apps.SelectMany(a => a.Machines.Values).Where(m => !m.HostOk).OrderBy(m => m.Id, StringComparer.Ordinal).ToList())
        {
            HostUp(machine.Id);
        }
    }

    /// <summary>The platform moves a machine to another host: a new version of the same, stopped and started.</summary>
    public void Migrate(string machine) => ByHand($"{machine} is migrated", () => _fly.Migrate(Machine(machine), null));

    /// <summary>A machine that stays in a transient state until somebody destroys it.</summary>
    public void Stick(string machine, string state) => ByHand($"{machine} is stuck in {state}", () => _fly.Stick(Machine(machine), state, null));

    public void LimitRegion(string region, int? room)
    {
        _world.Coverage.Injected(FaultClass.FalseConflict);
        _world.Trace.Add("fly", $"{region} takes {room?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "any number of"} machines");
        _fly.Run(() => _fly.LimitRegion(region, room));
    }

    /// <summary>The token is that organisation's.</summary>
    public void SpeakFor(string org) => _fly.Run(() => _fly.ChangeOrganisation(org));

    public void RefuseToken(bool refused) => _fly.Run(() => _fly.ChangeToken(refused ? "another" : Names.Token));

    public void Outage(bool away) => _away = away;

    public void RefuseKey(string key) => _fly.Run(() => _fly.SetSupabaseKeys(new SupabaseKeys { Bad = [key] }));

    public void AcceptAllKeys() => _fly.Run(() => _fly.SetSupabaseKeys(new SupabaseKeys()));

    /// <summary>A push: the tag names another image from now on.</summary>
    public void MoveTag(string reference, ImageBehaviour behaviour, bool note = true)
    {
        var digest = "sha256:" + SimRandom.Named(_world.Seed, $"push {++_pushes}").NextHex(64);
        if (note)
        {
            _world.Trace.Add("fly", $"{reference} is now {digest[..15]}, which is {behaviour}");
        }

        _fly.Run(() => _fly.RegisterImage(new RegisterImage { Ref = reference, Digest = digest, Behaviour = behaviour }));
    }

    public void VanishImage(string reference) => ByHand($"{reference} vanishes", () => _fly.RemoveImage(reference));

    /// <summary>Everything from outside is well again.</summary>
    public void Calm(Configuration configuration)
    {
        (_away, _calm) = (false, true);
        RefuseToken(false);
        AcceptAllKeys();
        _fly.Run(() => _fly.LimitRegion(Names.Region, null));
        AllHostsUp();
        var image = _fly.Run(() => _fly.Find(ImageName.Parse(configuration.Image)));
        if (image is not { Behaviour: ImageBehaviour.Healthy })
        {
            MoveTag(configuration.Image, ImageBehaviour.Healthy);
        }
    }

    private void Edit(string machine, string what, EditMachine edit) =>
        ByHand($"somebody changes the {what} of {machine}", () => _fly.Edit(Machine(machine), edit));

    private void ByHand(string what, Action act)
    {
        _world.Coverage.Injected(FaultClass.OutOfBand);
        _world.Trace.Add("fly", what);
        try
        {
            _fly.Run(act);
        }
        catch (RefusedException tooLate)
        {
            _world.Trace.Add("fly", "too late", tooLate.Message); // what was due by now has happened first
        }

        _world.Watch.CheckOneMachine();
    }

    private void ByHand<T>(string what, Func<T> act) => ByHand(what, () => { act(); });

    private SimApp? Find(string app) => _fly.Peek(app) is { Org: Names.Org } found ? found : null;

    private SimMachine Machine(string id) => Find(id, out var machine) ? machine : throw new RefusedException(404, $"there is no machine {id}");

    private bool Find(string id, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SimMachine? machine)
    {
        machine = _fly.Apps.SelectMany(a => a.Machines.Values).FirstOrDefault(m => m.Id == id);
        return machine is not null;
    }
}

/// <summary>A machine as the fleet's checks see it.</summary>
internal sealed record FleetMachine(string Id, string Version, string State)
{
    public static FleetMachine None { get; } = new("", "", "none");
}
