using StoreModel;

namespace Simulation.Invariants;

/// <summary>Watches the rows after every commit: one writer, nothing goes back, every transition leaves its event.</summary>
internal sealed class RowWatch(SimWorld world, StoreModelDatabase database)
{
    private readonly Dictionary<Guid, (string Status, long Observed)> _seen = [];
    private readonly Dictionary<string, long> _epochs = new(StringComparer.Ordinal);
    private readonly HashSet<EventRow> _told = new(ReferenceEqualityComparer.Instance);

    /// <summary>After a failover: what is now older may be older.</summary>
    public void Forget()
    {
        _seen.Clear();
        _epochs.Clear();
    }

    public void Wrote(StoreCommit commit)
    {
        var lease = commit.Lease!;
        if (lease.Epoch < _epochs.GetValueOrDefault(lease.LeaseName))
        {
            world.Violate("one-writer", $"{commit.Operation} of epoch {lease.Epoch} landed after one of {_epochs[lease.LeaseName]}");
        }

        _epochs[lease.LeaseName] = Math.Max(lease.Epoch, _epochs.GetValueOrDefault(lease.LeaseName));
        var fresh = FreshEvents();
        foreach (var user in commit.Users)
        {
            if (database.FindApp(user) is { } row)
            {
                Check(commit, row, fresh);
            }
        }
    }

    /// <summary>Events go with their user, so neither their number nor the place of one tells which are new.</summary>
    private List<EventRow> FreshEvents()
    {
        var fresh = new List<EventRow>();
        for (var n = database.AppEvents.Count - 1; n >= 0 && _told.Add(database.AppEvents[n]); n--)
        {
            fresh.Add(database.AppEvents[n]);
        }

        return fresh;
    }

    private void Check(StoreCommit commit, AppRow row, List<EventRow> fresh)
    {
        if (_seen.TryGetValue(row.UserId, out var before))
        {
            if (!world.LeaseOff && row.ObservedGeneration < before.Observed)
            {
                world.Violate("monotone", $"{row.AppName}: observed_generation went from {before.Observed} back to {row.ObservedGeneration}");
            }

            // With two that act, or on an old reading, one writes what it saw over what it did not see: a transition that it cannot tell.
            if (!world.LeaseOff && !ReadsWereStale() && commit.Operation == "WriteStatusesAsync" && row.Status != before.Status && ExpectedEvent(row.Status) is { } type
                && !fresh.Exists(e => e.UserId == row.UserId && e.Type == type))
            {
                world.Violate("events", $"{row.AppName} went from {before.Status} to {row.Status} without the event {type}");
            }
        }

        _seen[row.UserId] = (row.Status, row.ObservedGeneration);
    }

    /// <summary>A failover makes an old reading of everything that was read before it.</summary>
    private bool ReadsWereStale() =>
        world.Database.HasJustFailedOver || (world.StaleReadAt is { } at && world.Scheduler.Ticks - at < TimeSpan.FromMinutes(2).Ticks);

    private static string? ExpectedEvent(string status) => status switch
    {
        "active" => "provision_completed",
        "deleted" => "deprovision_completed",
        _ => null,
    };
}
