using FlyApi.Contracts;

namespace Reconciler.Model;

/// <summary>What is known about the app itself.</summary>
public enum AppPresence
{
    /// <summary>Never looked at: a user that we have never provisioned. The create call itself is the look.</summary>
    Unclaimed,

    /// <summary>Fly says that nobody holds the name.</summary>
    Missing,

    /// <summary>Exists, in our organisation, and we have recorded that it is ours.</summary>
    Ours,

    /// <summary>Exists in our organisation, unrecorded, with evidence that it is this user's.</summary>
    Adoptable,

    /// <summary>Exists and belongs to somebody or something else.</summary>
    Foreign,
}

/// <summary>The observed state of one user's app: read directly, never from a list alone.</summary>
public sealed record ObservedApp
{
    public required AppPresence App { get; init; }

    /// <summary>Live machines of the app (terminal states left out), ordered by id.</summary>
    public IReadOnlyList<Machine> Machines { get; init; } = [];

    /// <summary>The elected machine was asked for by id and is <c>destroyed</c>.</summary>
    public bool ElectedGone { get; init; }

    /// <summary>The elected machine is not listed, and a 404 by its id: gone, lag, or a wrong answer.</summary>
    public bool ElectedNotFound { get; init; }

    /// <summary>Names and digests as Fly has them; null when they were not read this time.</summary>
    public IReadOnlyList<AppSecret>? Secrets { get; init; }

    /// <summary>Address types present (<c>v4</c>, <c>v6</c>, <c>shared_v4</c>); null when they were not read.</summary>
    public IReadOnlyList<string>? Addresses { get; init; }

    /// <summary>What the machine's own <c>/health</c> said; null when it was not asked.</summary>
    public HealthProbe? Probe { get; init; }

    /// <summary>The user's apps under former names (<see cref="Store.UserApp.FormerApps"/>), in their order.</summary>
    public IReadOnlyList<FormerApp> Former { get; init; } = [];

    public static ObservedApp Unclaimed { get; } = new() { App = AppPresence.Unclaimed };
}

/// <summary>An app that is recorded as this user's, and whose name the user's row has no more.</summary>
/// <param name="App">Its name.</param>
/// <param name="Presence"><see cref="AppPresence.Ours"/>, <see cref="AppPresence.Missing"/> or <see cref="AppPresence.Foreign"/>.</param>
/// <param name="Machines">Live machines of one that is ours, ordered by id.</param>
/// <param name="AwaySince">Since when every look of this process found it missing or was refused; null = the last one did not.</param>
/// <param name="MissingSince">Since when every look found it missing.</param>
public sealed record FormerApp(
    string App, AppPresence Presence, IReadOnlyList<Machine> Machines, DateTimeOffset? AwaySince, DateTimeOffset? MissingSince = null);

/// <summary>The outcome of asking a machine's <c>/health</c>.</summary>
/// <param name="Reached">False when no answer came: says nothing about the machine, the controller may just not be on its network.</param>
/// <param name="Problem">What is wrong with the answer (status, run mode, user); null when it is good.</param>
/// <param name="IsSomebodyElse">It names another run mode or user than its own.</param>
public sealed record HealthProbe(bool Reached, string? Problem, bool IsSomebodyElse = false)
{
    public static HealthProbe Unreachable { get; } = new(false, null);
}
