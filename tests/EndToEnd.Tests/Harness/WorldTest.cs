namespace EndToEnd.Tests.Harness;

/// <summary>A test with a world of its own, whose standing promises are checked at the end.</summary>
public abstract class WorldTest : IAsyncLifetime
{
    private World? _world;

    internal World World => _world ?? throw new InvalidOperationException("the world is not there yet");

    /// <summary>Whether the database is migrated before the test begins.</summary>
    protected virtual bool Migrated => true;

    public async Task InitializeAsync() => _world = await World.CreateAsync(Migrated);

    public async Task DisposeAsync()
    {
        if (_world is not null)
        {
            await _world.DisposeAsync();
        }
    }
}
