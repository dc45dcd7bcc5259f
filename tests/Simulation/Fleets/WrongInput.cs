namespace Simulation.Fleets;

/// <summary>One way in which what the controller is told about a whole fleet is wrong.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Holds">Whether the tripwire must hold.</param>
/// <param name="Break">Makes it so.</param>
internal sealed record WrongInput(string Name, bool Holds, Action<Fleet> Break)
{
    /// <summary>Users of a hundred that leave by a loss the tripwire lets pass; none = nothing at all may be done.</summary>
    public int Leaving { get; init; }
}

/// <summary>Every wrong input, from one source and from several at once.</summary>
internal static class WrongInputs
{
    private static readonly Func<FlySite, string?> EmptyAppLists = s => s.Operation == "machines.list" ? "empty-list" : null;

    public static IReadOnlyList<WrongInput> All { get; } =
    [
        new("subscriptions lost", true, f => f.Database.Application.LoseSubscriptions()),
        new("subscriptions hidden", true, f => f.Database.Application.SubscriptionsHidden = true),
        new("all tiers lost", true, f => Free(f, 100)),
        new("half the tiers lost", true, f => Free(f, 50)),
        new("a third of the tiers lost", true, f => Free(f, 34)),
        new("21 % of the tiers lost", true, f => Free(f, 21)),
        new("all cancelled", true, f => f.Subscribe(100, s => s with { Status = "cancelled" })),
        new("all expired", true, f => f.Subscribe(100, s => s with { ExpiresAt = f.Database.Now.AddMinutes(-1) })),
        new("trigger off, all tiers lost", true, f => Unseen(f, 100)),
        new("trigger off, half the tiers lost", true, f => Unseen(f, 50)),
        new("every row's tier edited", false, f => f.EditRows(r => r with { Tier = "free" })),
        new("every row deleted by hand", false, f => f.EditRows(r => r with { Status = "deleted", DeletedAt = f.Database.Now })),
        new("every row inactive by hand", false, f => f.EditRows(r => r with { Status = "deprovisioning", HealthStatus = "unknown", Fingerprint = 0 })),
        new("org list empty", false, f => f.Faults.Fly = OrgList("empty-list")),
        new("org list halved", false, f => f.Faults.Fly = EveryOtherPage()),
        new("org list without its region", false, f => f.Faults.Fly = OrgList("error-region")),
        new("org list's pages missing", false, f => f.Faults.Fly = OrgList("missing-page")),
        new("per-app lists empty, all forced", false, f =>
        {
            f.Faults.Fly = EmptyAppLists;
            f.Stage.Force();
        }),
        new("every database read fails", false, f => f.Faults.Store = s => s.Writes ? null : StoreFaultKind.Down),
        new("a database read in three fails", false, f => f.Faults.Store = OneIn(3)),
        new("database reads are old", false, f => f.Faults.Store = s => s.Writes ? null : StoreFaultKind.Stale),
        new("all tiers lost, org list empty", true, f =>
        {
            f.Faults.Fly = OrgList("empty-list");
            Free(f, 100);
        }),
        new("subscriptions hidden, per-app lists empty, all forced", true, f =>
        {
            f.Faults.Fly = EmptyAppLists;
            f.Database.Application.SubscriptionsHidden = true;
            f.Stage.Force();
        }),
        new("all cancelled, org list without its region", true, f =>
        {
            f.Faults.Fly = OrgList("error-region");
            f.Subscribe(100, s => s with { Status = "cancelled" });
        }),
        new("half the tiers lost, a read in three fails", true, f =>
        {
            f.Faults.Store = OneIn(3);
            Free(f, 50);
        }),
        new("all expired, every list empty", true, f =>
        {
            f.Faults.Fly = s => s.IsList ? "empty-list" : null;
            f.Subscribe(100, s => s with { ExpiresAt = f.Database.Now.AddMinutes(-1) });
        }),
        new("subscriptions lost, every row's tier edited", true, f =>
        {
            f.Database.Application.LoseSubscriptions();
            f.EditRows(r => r with { Tier = "free" });
        }),
        new("another organisation's token", false, f => f.World.Fly.SpeakFor("another")),
        new("another organisation's token and name", false, f => f.Deploy("another")),
    ];

    /// <summary>Not wrong in the tripwire's eyes: here only the budget stands between the input and the fleet.</summary>
    public static WrongInput JustAllowed { get; } = new("19 % of the tiers lost", false, f => Free(f, 19)) { Leaving = 19 };

    private static void Free(Fleet fleet, int percent) => fleet.Subscribe(percent, s => s with { Tier = "free" });

    private static void Unseen(Fleet fleet, int percent)
    {
        fleet.Database.TriggerIsOn = false;
        Free(fleet, percent);
    }

    private static Func<FlySite, string?> OrgList(string fault) => s => s.IsOrgList ? fault : null;

    private static Func<FlySite, string?> EveryOtherPage()
    {
        var calls = 0;
        return s => s.IsOrgList && calls++ % 2 == 0 ? "missing-page" : null;
    }

    private static Func<StoreSite, StoreFaultKind?> OneIn(int number)
    {
        var random = SimRandom.Named(1, "reads"); // by count, a reading of as many parts would fail for ever
        return s => !s.Writes && random.Next(number) == 0 ? StoreFaultKind.Down : null;
    }
}
