namespace FlySim.Model;

/// <summary>One machine. Changed only by the world, under its lock.</summary>
internal sealed class SimMachine(string id, SimApp app, string name, string region, DateTimeOffset createdAt)
{
    private TaskCompletionSource? _touched;

    public string Id { get; } = id;

    public SimApp App { get; } = app;

    public string Name { get; set; } = name;

    public string Region { get; set; } = region;

    public string PrivateIp { get; set; } = "";

    public DateTimeOffset CreatedAt { get; init; } = createdAt;

    public DateTimeOffset UpdatedAt { get; set; } = createdAt;

    public string State { get; set; } = States.Created;

    /// <summary><c>ok</c>, <c>unknown</c> or <c>unreachable</c>.</summary>
    public string HostStatus { get; set; } = "ok";

    public bool HostOk => HostStatus == "ok";

    public required MachineVersion Current { get; set; }

    /// <summary>Oldest first, the current one included.</summary>
    public List<MachineVersion> Versions { get; } = [];

    /// <summary>Newest first.</summary>
    public LinkedList<MachineEvent> Events { get; } = new();

    /// <summary>What lists may show, oldest first; see <see cref="ListView"/>.</summary>
    public List<ListView> Views { get; } = [];

    public SimLease? Lease { get; set; }

    /// <summary>What it booted with last; null when it never did.</summary>
    public BootRecord? Boot { get; set; }

    /// <summary>Whether a process of the user's program runs, whatever <see cref="State"/> says: the truth behind "never two".</summary>
    public bool ProcessAlive { get; set; }

    /// <summary>Raised by every command, so that transitions scheduled before it do nothing.</summary>
    public int Epoch { get; set; }

    /// <summary>When what was scheduled last for it happens, if nothing interrupts it.</summary>
    public DateTimeOffset? NextDue { get; set; }

    /// <summary>When a machine created without launch can first be started; null when it was launched.</summary>
    public DateTimeOffset? StartableAt { get; set; }

    public DateTimeOffset VisibleAt { get; set; }

    public DateTimeOffset? StateSince { get; set; }

    /// <summary>A destroy accepted while the host was away; done when it returns.</summary>
    public bool DestroyQueued { get; set; }

    public bool SkipSecrets { get; set; }

    /// <summary>What its create or last update said it must boot with, at once or when it is started.</summary>
    public long UpdatedSecretsVersion { get; set; }

    public int RestartCount { get; set; }

    /// <summary>Set by the admin API: the program's health from then on, whatever its image says.</summary>
    public HealthOverride? HealthOverride { get; set; }

    public bool Cordoned { get; set; }

    public bool IsDestroyed => State == States.Destroyed;

    /// <summary>Completes at the next change.</summary>
    public Task Touched => (_touched ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    public void Touch()
    {
        _touched?.SetResult();
        _touched = null;
    }
}

internal sealed record MachineVersion(string InstanceId, ConfigDocument Config, ResolvedImage Image);

internal sealed record SimLease(string Nonce, string Owner, string? Description, DateTimeOffset ExpiresAt, string Version);

internal sealed record HealthOverride(bool Healthy, DateTimeOffset Since);

/// <summary>A machine as a list saw it at a moment; lists that lag show the newest view that is old enough.</summary>
internal sealed record ListView(DateTimeOffset At, string State, string Region, MachineVersion Version);

/// <summary>A boot: the environment of that moment, and what the program made of it.</summary>
internal sealed record BootRecord(
    DateTimeOffset At, IReadOnlyDictionary<string, string> Env, long SecretsVersion, ProgramOutcome Outcome);
