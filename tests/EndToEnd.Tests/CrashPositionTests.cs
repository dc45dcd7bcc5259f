namespace EndToEnd.Tests;

/// <summary>
/// kill -9 at each side effect of a change, before it and after it. One user for each position: Fly holds that user's k-th call
/// that changes something, with or without having done it, and when all are held the one daemon dies.
/// </summary>
public sealed class CrashPositionTests : WorldTest
{
    private const string OtherImage = "registry.fly.io/vyx-app:next";

    [Fact]
    public Task Killed_at_any_call_of_a_provisioning_the_next_daemon_finishes_it() =>
        AtEachCallAsync(new Change(existing: false, user => World.Data.CreateUserAsync("pro", id: user), user => World.ConvergedAsync(user)), calls: 4);

    [Fact]
    public Task Killed_at_any_call_of_an_update_the_next_daemon_finishes_it() => AtEachCallAsync(
        new Change(
            existing: true,
            user => World.Database.ExecuteAsync($$"""update public.user_fly_apps set spec = '{"image": "{{OtherImage}}"}' where user_id = $1""", user),
            user => World.ConvergedAsync(user, (row, _) => row.Image == OtherImage)),
        calls: 1);

    [Fact]
    public Task Killed_at_any_call_of_a_move_to_the_right_region_the_next_daemon_finishes_it() => AtEachCallAsync(
        new Change(
            existing: true,
            async user =>
            {
                var row = await World.RowAsync(user);
                await World.Fly.EditMachineAsync(row.App, row.MachineId!, new EditMachine { Region = "sjc" });
            },
            user => World.ConvergedAsync(user, (_, machine) => machine.Region == "sin")),
        calls: 3);

    [Fact]
    public async Task Killed_at_any_call_of_a_removal_the_next_daemon_finishes_it()
    {
        await AtEachCallAsync(Removal, calls: 2);
        Assert.Equal(1 + (2 * 2), await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.destroys")); // each paid once
    }

    [Fact]
    public Task Killed_at_any_call_of_a_comeback_the_next_daemon_finishes_it() => AtEachCallAsync(
        new Change(existing: true, user => World.Data.SetTierAsync(user, "elite"), user => World.ConvergedAsync(user)) { After = Removal },
        calls: 4);

    [Fact]
    public Task Killed_at_any_call_of_a_rotation_the_next_daemon_finishes_it() => AtEachCallAsync(
        new Change(
            existing: true,
            _ => Task.CompletedTask,
            user => World.ConvergedAsync(user, (_, machine) =>
                machine.BootEnvHashes["GEMINI_API_KEY"] == FlySimClient.HashOf(World.Environment["GEMINI_API_KEY"]!)))
        {
            Rotates = true,
        },
        calls: 2);

    private Change Removal => new(
        existing: true,
        user => World.Data.SetTierAsync(user, "free"),
        user => World.EventuallyRowAsync(user, row => row is { Status: "deleted", MachineId: null }, "the app is gone"));

    private async Task AtEachCallAsync(Change change, int calls)
    {
        await World.Fly.RegisterImageAsync(OtherImage);
        World.Environment["Reconciler__DeprovisionGrace"] = "00:00:01";
        World.Environment["Reconciler__DestroyBudget"] = "1000";
        World.Environment["Reconciler__ShrinkTripwireShare"] = "1";
        World.Environment["Reconciler__Workers"] = "16";
        World.Environment["Reconciler__Rollout__Enabled"] = "false"; // everybody at once, each at a call of its own
        var daemon = await World.StartReadyAsync(("Reconciler__FlyAttemptTimeout", "00:02:00"));
        var positions = (from call in Enumerable.Range(0, calls)
                         from kind in (string[])[FaultKinds.TimeoutBefore, FaultKinds.Timeout]
                         select (User: Guid.NewGuid(), Call: call, Kind: kind)).ToList();
        var reference = Guid.NewGuid();
        Guid[] all = [reference, .. positions.Select(p => p.User)];
        await PrepareAsync(change, all);

        // One user without a crash: is the number of calls still what the positions were made for?
        var since = await World.NowAsync();
        daemon = await BeginAsync(change, reference, daemon);
        await change.DoneAsync(reference);
        var name = await NameAsync(reference);
        var unharmed = (await World.ChangesAsync(since)).Where(c => c.App == name || c.Operation == "apps.create").ToList();
        Assert.True(unharmed.Count == calls, string.Join(", ", unharmed.Select(c => c.Operation)));
        if (change.Rotates)
        {
            foreach (var user in all)
            {
                await change.DoneAsync(user);
            }
        }

        since = await World.NowAsync();
        var creates = unharmed[0].Operation == "apps.create";
        foreach (var (user, call, kind) in positions)
        {
            await World.Fly.AddFaultAsync(creates && call == 0
                ? new FaultRule { Kind = kind, Operation = "apps.create", Count = 1 }
                : new FaultRule { Kind = kind, App = await NameAsync(user), Mutating = true, Skip = creates ? call - 1 : call, Count = 1 });
            if (!change.Rotates)
            {
                await change.BeginAsync(user);
            }

            if (creates && call == 0)
            {
                await HeldAsync(since, positions.IndexOf((user, call, kind)) + 1); // the address of a create names no app
            }
        }

        daemon = change.Rotates ? await RotateAsync(daemon) : daemon;
        await HeldAsync(since, positions.Count);
        await daemon.KillAsync();
        await World.Fly.ClearFaultsAsync();
        await World.Database.ExecuteAsync("update fly_reconciler.lease set expires_at = clock_timestamp()"); // as waiting would
        await World.StartReadyAsync();

        foreach (var user in all)
        {
            await change.DoneAsync(user);
        }

        await NothingIsLeftOverAsync();
        var lacking = await World.Database.ListAsync<string>("""
            select a.fly_app_name from public.user_fly_apps a
             where not exists (select from public.user_fly_app_events e where e.user_id = a.user_id and e.event_type = 'provision_completed')
            """);
        Assert.Empty(lacking);
    }

    private async Task PrepareAsync(Change change, Guid[] users)
    {
        if (!change.Existing)
        {
            return;
        }

        foreach (var user in users)
        {
            await World.Data.CreateUserAsync("pro", id: user);
        }

        foreach (var user in users)
        {
            await World.ConvergedAsync(user);
            await (change.After?.BeginAsync(user) ?? Task.CompletedTask);
        }

        foreach (var user in users)
        {
            await (change.After?.DoneAsync(user) ?? Task.CompletedTask);
        }
    }

    private async Task<Harness.Program> BeginAsync(Change change, Guid user, Harness.Program daemon)
    {
        if (change.Rotates)
        {
            return await RotateAsync(daemon);
        }

        await change.BeginAsync(user);
        return daemon;
    }

    private async Task<Harness.Program> RotateAsync(Harness.Program daemon)
    {
        Assert.Equal(0, await daemon.TerminateAsync());
        var value = $"gemini-{Guid.NewGuid():N}";
        World.SecretValues.Add(value);
        World.Environment["GEMINI_API_KEY"] = value;
        return await World.StartReadyAsync(("Reconciler__FlyAttemptTimeout", "00:02:00"));
    }

    private Task HeldAsync(long since, int count) => World.EventuallyAsync(
        async () => (await World.Fly.CallsAsync(since, mutatingOnly: true)).Count(c => c.Status == 0) == count, $"{count} calls are held");

    private async Task NothingIsLeftOverAsync()
    {
        await World.EventuallyAsync(
            async () => await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.intents") == 0, "no create is left open");
        var state = await World.Fly.StateAsync();
        var running = (await World.RowsAsync()).Where(r => !r.Deleted).ToList();
        Assert.All(running, row => Assert.Single(state.App(row.App)!.LiveMachines));
        Assert.Equal(running.Count + Neighbours.Names.Count, state.Apps.Count);
    }

    private async Task<string> NameAsync(Guid user) => (await World.Database.ScalarAsync<string>("select fly_reconciler.app_name($1)", user))!;

    /// <param name="existing">Whether the users run before it.</param>
    /// <param name="beginAsync">Makes a user's wish differ from what is.</param>
    /// <param name="doneAsync">Returns once the wish is fulfilled.</param>
    private sealed class Change(bool existing, Func<Guid, Task> beginAsync, Func<Guid, Task> doneAsync)
    {
        public bool Existing => existing;
        public Func<Guid, Task> BeginAsync => beginAsync;
        public Func<Guid, Task> DoneAsync => doneAsync;

        /// <summary>What happened to the users before.</summary>
        public Change? After { get; init; }

        /// <summary>It comes with a restart, for everybody.</summary>
        public bool Rotates { get; init; }
    }
}
