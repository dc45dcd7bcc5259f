namespace FlySim.Http;

/// <summary>Which of the servers in one a request is for: they differ in how they authenticate and how their errors look.</summary>
internal enum Realm
{
    MachinesApi,
    Registry,
    Supabase,
    MachineProgram,
}

/// <summary>A kind of request: its name in the call log, and what holds for all of them.</summary>
internal sealed record Operation(string Name, Realm Realm = Realm.MachinesApi)
{
    /// <summary>Whether it changes something when it succeeds.</summary>
    public bool Mutating { get; init; }

    /// <summary>The shape of its body; null when it takes none.</summary>
    public string? Shape { get; init; }

    public bool BodyOptional { get; init; }

    public static Operation Read(string name) => new(name);

    public static Operation Write(string name, string? shape = null, bool bodyOptional = false) =>
        new(name) { Mutating = true, Shape = shape, BodyOptional = bodyOptional };
}
