using System.Globalization;
using System.Text.Json.Nodes;
using FlySim.Http;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Endpoints;

/// <summary>Blocks until a machine reaches a state, within 1 to 60 seconds.</summary>
internal static class WaitEndpoint
{
    private static readonly TimeSpan ShortestNap = TimeSpan.FromMilliseconds(1);

    public static async Task<Reply> HandleAsync(Call call)
    {
        var world = call.World;
        var states = WantedStates(call);
        var version = call.Query("version") ?? call.Query("instance_id");
        var deadline = world.Time.GetUtcNow() + Timeout(call);
        while (true)
        {
            var (reply, nap, touched) = world.Run(() => Look(call, states, version, deadline));
            if (reply is not null)
            {
                return reply;
            }

            await touched.WaitAsync(nap, world.Time, call.Aborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            call.Aborted.ThrowIfCancellationRequested();
        }
    }

    private static (Reply? Reply, TimeSpan Nap, Task Touched) Look(
        Call call, IReadOnlyList<string> states, string? version, DateTimeOffset deadline)
    {
        var world = call.World;
        var machine = call.Machine();
        var superseded = version is not null && version != machine.Current.InstanceId;
        var current = superseded ? "replaced" : machine.State;
        if (!superseded && states.Any(s => s == current || (s == "settled" && States.IsSettled(current))))
        {
            return (Reached(machine), default, Task.CompletedTask);
        }

        if (machine.IsDestroyed && !superseded)
        {
            throw new RefusedException(409, $"failed_precondition: machine is {current} and cannot reach {string.Join(", ", states)}");
        }

        if (superseded || world.Now >= deadline)
        {
            throw new RefusedException(
                408,
                $"deadline_exceeded: machine failed to reach desired state, {string.Join(", ", states)}, currently {current}");
        }

        return (null, Nap(machine, world.Now, deadline), machine.Touched);
    }

    // A command wakes the waiter; what the machine does by itself happens only when somebody looks.
    private static TimeSpan Nap(SimMachine machine, DateTimeOffset now, DateTimeOffset deadline)
    {
        var until = Sooner(Sooner(deadline, machine.NextDue, now), machine.App.GoneAt, now);
        var nap = until - now;
        return nap < ShortestNap ? ShortestNap : nap;
    }

    private static DateTimeOffset Sooner(DateTimeOffset until, DateTimeOffset? due, DateTimeOffset now) =>
        due is { } moment && moment > now && moment < until ? moment : until;

    private static Reply Reached(SimMachine machine) => Reply.Ok(new JsonObject
    {
        ["ok"] = true,
        ["state"] = machine.State,
        ["version"] = machine.Current.InstanceId,
        ["event_id"] = machine.Events.First?.Value.Id,
    });

    private static string[] WantedStates(Call call)
    {
        var states = call.Request.Query.GetValueOrDefault("state")
            .SelectMany(s => (s ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .ToArray();
        return states.Length > 0 ? states : [States.Started];
    }

    private static TimeSpan Timeout(Call call)
    {
        const int Longest = 60;
        var text = call.Query("timeout") ?? "60";
        var valid = int.TryParse(text.TrimEnd('s'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)
            && seconds is >= 1 and <= Longest;
        return valid
            ? TimeSpan.FromSeconds(seconds)
            : throw new RefusedException(400, "invalid_argument: invalid timeout: value must be inside range [1s, 1m0s]");
    }
}
