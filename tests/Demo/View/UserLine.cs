using System.Globalization;
using Demo.Reading;
using Demo.Stage;

namespace Demo.View;

/// <summary>One user as the table shows it.</summary>
/// <param name="Machine">What Fly has, not what the row says.</param>
/// <param name="Next">The reason for the state, or what happens next.</param>
internal sealed record UserLine(
    string Name, string Tier, string App, string Status, MachineMark Mark, string Machine, string Place, string Health, string Next)
{
    public static UserLine Of(Person person, Sighting seen, DateTime now)
    {
        if (seen.Row is not { } row)
        {
            return new UserLine(person.Name, "free", "", "", MachineMark.None, "", "", "", "nothing to do");
        }

        var machine = seen.Machine;
        return new UserLine(
            person.Name,
            row.Tier,
            row.App,
            row.Status,
            MarkOf(seen),
            machine?.Id ?? (seen.Machines.Count > 1 ? $"{seen.Machines.Count} machines" : ""),
            machine is null ? "" : string.Create(
                CultureInfo.InvariantCulture, $"{machine.Region} {(int?)machine.Guest?["cpus"]}/{(int?)machine.Guest?["memory_mb"]}"),
            row.Health,
            NextOf(row, now));
    }

    private static MachineMark MarkOf(Sighting seen) => seen.Machine switch
    {
        null => seen.Machines.Count > 1 ? MachineMark.Changing : MachineMark.None,
        { Running: true, State: "started" } => MachineMark.Runs,
        { State: "stopped" or "suspended" or "failed" } => MachineMark.Rests,
        _ => MachineMark.Changing,
    };

    private static string NextOf(AppRow row, DateTime now)
    {
        var ready = row.Condition("Ready");
        if (row.Status == "deprovisioning" && row.NextAttemptAt is { } at && at > now)
        {
            return string.Create(CultureInfo.InvariantCulture, $"removed in {Math.Ceiling((at - now).TotalSeconds):0} s");
        }

        if (row.Condition("ImageResolved") is { Status: "False", Reason: var why })
        {
            return why;
        }

        return ready?.Reason ?? "not seen yet";
    }
}

internal enum MachineMark
{
    None,
    Runs,
    Rests,
    Changing,
}
