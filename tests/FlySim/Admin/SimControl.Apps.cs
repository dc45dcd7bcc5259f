namespace FlySim.Admin;

public sealed partial class SimControl
{
    /// <summary>Puts an app into the world, or more machines and secrets into one that exists. With another organisation its name is squatted.</summary>
    public IReadOnlyList<PlantedMachine> PlantApp(PlantApp app) => _world.Mutate(() => _world.Plant(app));

    /// <summary>Removes an app with all it holds, at once.</summary>
    public void RemoveApp(string app) => _world.Mutate(() => _world.RemoveAppAtOnce(app));

    /// <summary>Sets secrets as another actor would; null removes. Returns their version.</summary>
    public long TamperSecrets(string app, IReadOnlyDictionary<string, string?> values) =>
        _world.Mutate(() => _world.SetSecrets(_world.AnyApp(app), values).Version);
}
