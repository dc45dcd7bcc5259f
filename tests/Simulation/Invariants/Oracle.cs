using System.Text.Json;
using FlySim.Admin;
using FlySim.Model;
using Reconciler.Configuration;
using Reconciler.Observing;
using Store;

namespace Simulation.Invariants;

/// <summary>
/// What the world should look like when nothing goes wrong any more, computed from the wishes alone and independently of the
/// product's own judgement: at Fly, in the rows, and that nothing is left over.
/// </summary>
internal sealed class Oracle(SimWorld world)
{
    /// <summary>Every difference between what is and what should be; empty when all is as wished.</summary>
    public IReadOnlyList<string> Differences()
    {
        world.Fly.CatchUp();
        var problems = new List<string>();
        var expected = new HashSet<string>(StringComparer.Ordinal);
        foreach (var user in world.Database.Users())
        {
            if (world.IsPoisoned(user.UserId))
            {
                CheckPoisoned(user, problems);
                expected.Add(user.AppName);
            }
            else if (user.Entitled)
            {
                CheckRunning(user, problems);
                expected.Add(user.AppName);
            }
            else
            {
                CheckGone(user, problems);
            }
        }

        foreach (var rowless in world.Database.Rowless())
        {
            problems.Add($"{rowless} is entitled and has no row");
        }

        // Of two that act at once, one may make what the other has given up: they are promised never to do harm, not to be tidy.
        foreach (var app in world.Fly.OurApps().Where(a => !world.LeaseOff && !expected.Contains(a) && !world.Database.IsForgotten(a) && !world.Fly.IsAGift(a)))
        {
            problems.Add($"the app {app} is left over");
        }

        foreach (var app in world.Database.FormerApps().Where(a => !world.LeaseOff && !world.Fly.Exists(a)))
        {
            problems.Add($"the record of {app} is left over");
        }

        if (world.Database.RolloutTrouble() is { } rollout)
        {
            problems.Add(rollout);
        }

        foreach (var intent in world.Database.Intents())
        {
            problems.Add($"the intent {intent} is left over");
        }

        return problems;
    }

    /// <summary>Whether the app of somebody who has left was given to us after we had let go of it, and found: it goes, which may take the
    /// budget another hour.</summary>
    public bool AGiftIsToGo() => world.Database.Users().Any(u => u is { Entitled: false, Ownership.ReleasedAt: null } && world.Fly.IsAGift(u.AppName));

    private void CheckRunning(UserApp user, List<string> problems)
    {
        var count = problems.Count;
        if (world.Fly.MachinesOf(user.AppName) is not { } machines)
        {
            problems.Add($"{user.AppName}: the app does not exist");
            return;
        }

        if (world.Fly.IsGoing(user.AppName))
        {
            problems.Add($"{user.AppName}: the app is being deleted");
            return;
        }

        if (machines is not [var machine])
        {
            problems.Add($"{user.AppName}: {machines.Count} machines: {string.Join(", ", machines.Select(m => $"{m.Id} {m.State}"))}");
            return;
        }

        Expect(problems, user.AppName, "elected machine", user.MachineId, machine.Id);
        Expect(problems, user.AppName, "state", machine.State, States.Started);
        Expect(problems, user.AppName, "program runs", machine.ProcessAlive, true);
        var settings = world.Settings;
        var wish = OverrideSpec.TryParse(user.Spec, [], out var spec, out _) ? spec : OverrideSpec.None;
        Expect(problems, user.AppName, "region", machine.Region, wish.Region ?? settings.Fly.Region);
        var guest = wish.Guest ?? settings.Fleet.Guests[user.Tier];
        Expect(problems, user.AppName, "cpus", (int?)machine.Current.Config.Guest?["cpus"], guest.Cpus);
        Expect(problems, user.AppName, "memory", (int?)machine.Current.Config.Guest?["memory_mb"], guest.MemoryMb);
        Expect(problems, user.AppName, "image", machine.Current.Image.Image.Digest, world.Fly.DigestOf(wish.Image ?? world.Fly.WantedImage(settings)));
        Expect(problems, user.AppName, "release", machine.Current.Config.Env.GetValueOrDefault("RELEASE"), settings.Fleet.Env["RELEASE"]);
        foreach (var (name, value) in wish.Env)
        {
            Expect(problems, user.AppName, "env " + name, machine.Current.Config.Env.GetValueOrDefault(name), value);
        }

        Expect(problems, user.AppName, "check", machine.Current.Config.Checks?.ContainsKey("health"), true);
        Expect(problems, user.AppName, "restart", (string?)machine.Current.Config.Node["restart"]?["policy"], "always");
        if (!world.LeaseOff) // of two that act at once, the later status may take the memory of what the other set with it
        {
            problems.AddRange(MachineOracle.Secrets(user, machine, settings));
        }

        problems.AddRange(MachineOracle.Neglect(user, machine));
        problems.AddRange(MachineOracle.Reachability(user, machine, settings.Fleet.PublicIngress));

        CheckRow(user, machine, problems);
        if (problems.Count == count)
        {
            CheckConditions(user, ready: true, problems);
        }
    }

    private void CheckRow(UserApp user, SimMachine machine, List<string> problems)
    {
        Expect(problems, user.AppName, "row status", user.Status, "active");
        Expect(problems, user.AppName, "row health", user.HealthStatus, "healthy");
        Expect(problems, user.AppName, "row region", user.Region, machine.Region);
        Expect(problems, user.AppName, "row cpus", (int?)user.CpuCount, (int?)machine.Current.Config.Guest?["cpus"]);
        Expect(problems, user.AppName, "row memory", (int?)user.MemoryMb, (int?)machine.Current.Config.Guest?["memory_mb"]);
        Expect(problems, user.AppName, "row generation observed", IsObserved(user), true);
        Expect(problems, user.AppName, "row deleted_at", user.DeletedAt, null);
        Expect(problems, user.AppName, "row error", user.ErrorMessage, null);
        Expect(problems, user.AppName, "row retries", user.RetryCount, 0);
        Expect(problems, user.AppName, "row owned", user.Ownership is { ReleasedAt: null }, true);
        Expect(problems, user.AppName, "row deployed", user.DeployedAt is not null, true);
    }

    private void CheckGone(UserApp user, List<string> problems)
    {
        // Of two that act at once, one may make what the other has given up: an empty app, and no record of it.
        var isUntidy = world.LeaseOff && user.Ownership is not { ReleasedAt: null };
        if (world.Fly.MachinesOf(user.AppName) is { } machines && !(isUntidy && machines.Count == 0) && !world.Database.IsForgotten(user.AppName) && !world.Fly.IsAGift(user.AppName))
        {
            problems.Add($"{user.AppName}: the app is still there with {machines.Count} machines");
        }

        if (user.RowId is not null)
        {
            Expect(problems, user.AppName, "row status", user.Status, "deleted");
            Expect(problems, user.AppName, "row deleted_at set", user.DeletedAt is not null, true);
            Expect(problems, user.AppName, "row machine", user.MachineId, null);
            Expect(problems, user.AppName, "row generation observed", IsObserved(user), true);
        }

        if (user.Ownership is { ReleasedAt: null })
        {
            problems.Add($"{user.AppName}: the ownership of an app that is gone is not released");
        }
    }

    /// <summary>A failover takes back generations that were observed already.</summary>
    private bool IsObserved(UserApp user) => world.Database.HasFailedOver
        ? user.ObservedGeneration >= user.Generation
        : user.ObservedGeneration == user.Generation;

    /// <summary>A wrong override hurts one user and says so.</summary>
    private static void CheckPoisoned(UserApp user, List<string> problems)
    {
        if (!user.Entitled)
        {
            return;
        }

        Expect(problems, user.AppName, "row status", user.Status, "error");
        Expect(problems, user.AppName, "row error names the override", user.ErrorMessage?.Contains("spec", StringComparison.Ordinal), true);
        CheckConditions(user, ready: false, problems);
    }

    private static void CheckConditions(UserApp user, bool ready, List<string> problems)
    {
        using var conditions = JsonDocument.Parse(user.Conditions);
        var found = conditions.RootElement.EnumerateArray().FirstOrDefault(c => c.GetProperty("type").GetString() == "Ready");
        var status = found.ValueKind == JsonValueKind.Object ? found.GetProperty("status").GetString() : null;
        Expect(problems, user.AppName, "condition Ready", status, ready ? "True" : "False");
    }

    private static void Expect<T>(List<string> problems, string app, string what, T actual, T wanted)
    {
        if (!EqualityComparer<T>.Default.Equals(actual, wanted))
        {
            problems.Add($"{app}: {what} is {actual?.ToString() ?? "(none)"}, should be {wanted?.ToString() ?? "(none)"}");
        }
    }
}
