using StoreModel;

namespace Simulation.Fleets;

/// <summary>A converged fleet of many users in one world, and what can be done to all of it at once.</summary>
internal sealed class Fleet
{
    private readonly Dictionary<Guid, SubscriptionRow> _right = [];

    public Fleet(Stage stage, SteeredFaults faults, int users)
    {
        (Stage, Faults) = (stage, faults);
        for (var n = 0; n < users; n++)
        {
            Database.Application.CreateUser("pro");
        }

        foreach (var row in Database.Subscriptions)
        {
            _right.Add(row.UserId, row);
        }

        Users = [.. _right.Keys];
    }

    public Stage Stage { get; }

    public SimWorld World => Stage.World;

    public DatabaseModel Database => World.Database;

    public SteeredFaults Faults { get; }

    public IReadOnlyList<Guid> Users { get; }

    /// <summary>The first so many of the fleet, of a hundred.</summary>
    public IEnumerable<Guid> Share(int percent) => Users.Take((int)Math.Ceiling(Users.Count * percent / 100.0));

    public void Subscribe(int percent, Func<SubscriptionRow, SubscriptionRow> change) =>
        Database.Application.ChangeSubscriptions(Share(percent), change);

    public void EditRows(Func<AppRow, AppRow> edit)
    {
        foreach (var user in Users)
        {
            Database.Application.EditRow(user, edit);
        }
    }

    /// <summary>A deployment with the name and the token of that organisation.</summary>
    public void Deploy(string org)
    {
        World.Fly.SpeakFor(org);
        World.Background(Stage.DeployAsync(c => c with { Org = org }));
    }

    /// <summary>Every input is again as it was when the fleet was converged.</summary>
    public void PutRight()
    {
        Faults.Stop();
        World.Fly.SpeakFor(Names.Org);
        if (Stage.Configuration.Org != Names.Org)
        {
            Deploy(Names.Org);
        }

        Database.Application.SubscriptionsHidden = false;
        Database.TriggerIsOn = true;
        if (Database.Subscriptions.Count < _right.Count)
        {
            Database.Application.RestoreSubscriptions(_right.Values);
        }

        Database.Application.ChangeSubscriptions(Users, s => _right[s.UserId]);
    }

    /// <summary>What is not as wished: looked for at length only when no row shows it at once.</summary>
    public IReadOnlyList<string> Differences()
    {
        if (Database.Hold is { } hold)
        {
            return [$"the fleet is held: {hold}"];
        }

        var odd = Database.Rows.FirstOrDefault(r => r.Fingerprint == 0 || r.ObservedGeneration != r.Generation || r.Status != "active" || r.ErrorMessage is not null);
        return odd is null
            ? World.Oracle.Differences()
            : [$"{odd.AppName} is {odd.Status}, generation {odd.ObservedGeneration} of {odd.Generation}: {odd.ErrorMessage ?? "not settled"}"];
    }

    public int HeldRows() => Database.Rows.Count(r => r.Conditions.Contains("ShrinkTripwire", StringComparison.Ordinal));
}
