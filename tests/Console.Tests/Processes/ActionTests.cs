using System.Net;
using System.Text.RegularExpressions;
using ConsoleTests.Support;

namespace ConsoleTests.Processes;

public sealed partial class ActionTests : WorldTest
{
    [Fact]
    public async Task A_pause_has_an_owner_a_reason_and_an_end_and_can_be_ended()
    {
        using var nora = await SignedInAsync();
        var (user, row, machine) = await World.ProvisionAsync();

        var (_, paused) = await nora.ActAsync($"/users/{user}", "/actions/pause", ("user", user.ToString()), ("reason", "asked to wait"), ("for", "480"));
        await World.EventuallyRowAsync(user, r => r.Is("Ready", "False", "Paused"), "the pause is obeyed");
        await World.Fly.StopMachineAsync(row.App, machine.Id);
        await World.LooksAsync(3);
        var untouched = (await World.MachineAsync(row.App))!.State;
        var (_, ended) = await nora.ActAsync($"/users/{user}", "/actions/unpause", ("user", user.ToString()), ("reason", "they called back"));
        await World.ConvergedAsync(user);

        Assert.StartsWith("Paused until ", paused, StringComparison.Ordinal);
        Assert.Equal("stopped", untouched);
        Assert.Equal("The pause has ended.", ended);
        Assert.Equal(
            ["pause Nora asked to wait", "unpause Nora they called back"],
            await World.Database.ListAsync<string>("select action || ' ' || owner || ' ' || reason from fly_reconciler.operator_actions order by id"));
        var (_, page) = await nora.GetAsync($"/users/{user}");
        Assert.Contains("they called back", page, StringComparison.Ordinal);
        Assert.Contains("An operator acts: pause", World.Programs[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_force_passes_over_a_backoff()
    {
        var (_, broken) = await SmallFleet.StartAsync(World);
        using var nora = new Visitor(World.Programs[0].Address!);
        await nora.SignInAsync();
        var user = broken.Json["user_id"]!.GetValue<Guid>();
        var tries = (await World.RowAsync(user)).Retries;

        var (status, said) = await nora.ActAsync($"/users/{user}", "/actions/force", ("user", user.ToString()), ("reason", "try now"));
        await World.EventuallyRowAsync(user, row => row.Retries > tries, "it was tried again before its time");
        var (_, everybody) = await nora.ActAsync("/", "/actions/force", ("reason", "all of them"));

        Assert.Equal(HttpStatusCode.SeeOther, status);
        Assert.StartsWith("Forced", said, StringComparison.Ordinal);
        Assert.Equal("Forced 5 users.", everybody);
    }

    [Fact]
    public async Task An_action_without_a_reason_or_for_nobody_is_not_taken()
    {
        using var nora = await SignedInAsync();
        var (none, _) = await nora.ActAsync("/", "/actions/force", ("reason", "  "));
        var (bad, _) = await nora.ActAsync("/", "/actions/pause", ("user", "me"), ("reason", "x"));
        var (odd, _) = await nora.ActAsync("/", "/actions/pause", ("user", Guid.NewGuid().ToString()), ("reason", "x"), ("for", "5"));
        using var gone = await nora.PostAsync(
            "/actions/pause", null, [], ("form", await nora.FormTokenAsync("/")), ("user", Guid.NewGuid().ToString()), ("reason", "x"));

        Assert.Equal([HttpStatusCode.BadRequest, HttpStatusCode.BadRequest, HttpStatusCode.BadRequest], [none, bad, odd]);
        Assert.Equal(HttpStatusCode.SeeOther, gone.StatusCode);
        Assert.Equal(0, await World.Database.ScalarAsync<long>("select count(*) from fly_reconciler.operator_actions"));
    }

    [Fact]
    public async Task What_the_budget_holds_back_is_done_when_exactly_that_plan_is_approved_and_once()
    {
        World.Environment["Reconciler__DestroyBudget"] = "0";
        World.Environment["Reconciler__DestroyBudgetShare"] = "0";
        using var nora = await SignedInAsync();
        var (user, row, machine) = await World.ProvisionAsync();
        await World.Database.ExecuteAsync("""update public.user_fly_apps set spec = '{"region":"nrt"}' where user_id = $1""", user);
        await World.EventuallyRowAsync(user, r => r.Is("Degraded", "True", "DestroyBudget"), "the budget holds the move back");

        var (_, page) = await nora.GetAsync($"/users/{user}");
        var hash = PlanHash().Match(page).Groups[1].Value;
        var (_, other) = await nora.ActAsync(
            $"/users/{user}", "/actions/approve", ("user", user.ToString()), ("reason", "guess"), ("plan", "0123456789abcdef"));
        await World.LooksAsync(2);
        var stands = await World.MachineAsync(row.App);
        var (_, said) = await nora.ActAsync($"/users/{user}", "/actions/approve", ("user", user.ToString()), ("reason", "move it"), ("plan", hash));
        await World.ConvergedAsync(user, (r, m) => r.Region == "nrt" && m.Id != machine.Id);

        Assert.Equal(16, hash.Length);
        Assert.Contains("has changed", other, StringComparison.Ordinal);
        Assert.Equal(machine.Id, stands!.Id);
        Assert.Contains($"Plan {hash} is approved", said, StringComparison.Ordinal);
        Assert.Equal(hash, await World.Database.ScalarAsync<string>("select detail from fly_reconciler.operator_actions where action = 'approve-destroy'"));

        await World.Database.ExecuteAsync("""update public.user_fly_apps set spec = '{"region":"sin"}' where user_id = $1""", user);
        await World.EventuallyRowAsync(user, r => r.Is("Degraded", "True", "DestroyBudget"), "the next move is held back again");
    }

    private static readonly TimeSpan GuardAge = TimeSpan.FromSeconds(1.1);

    [Fact]
    public async Task A_hold_is_released_with_a_name_and_a_reason()
    {
        using var nora = await SignedInAsync();
        var users = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            // The guard counts the fleet once a second at most: the last of them is counted after the others.
            if (i == 4)
            {
                await Task.Delay(GuardAge);
            }

            users.Add((await World.ProvisionAsync()).User);
        }

        await World.Database.ExecuteAsync("update public.user_subscriptions set tier = 'free'");
        foreach (var user in users)
        {
            await World.EventuallyRowAsync(user, r => r.Is("Degraded", "True", "ShrinkTripwire"), "the tripwire holds");
        }

        var (_, held) = await nora.GetAsync("/");
        var (_, said) = await nora.ActAsync("/", "/actions/release-hold", ("reason", "the campaign has ended"));
        await World.EventuallyAsync(
            async () => (await World.Fly.StateAsync()).Apps.Where(a => !Neighbours.Names.Contains(a.Name)).All(a => a.LiveMachines.All(m => !m.Running)),
            "everybody is stopped");

        Assert.Contains("The tripwire holds", held, StringComparison.Ordinal);
        Assert.Contains("5 held by a guard", held, StringComparison.Ordinal);
        Assert.Equal("The hold is released.", said);
        Assert.Equal("Nora", await World.Database.ScalarAsync<string>("select owner from fly_reconciler.operator_actions where action = 'release-hold'"));
    }

    private async Task<Visitor> SignedInAsync()
    {
        World.Environment["Reconciler__Console__Token"] = Visitor.Token;
        World.SecretValues.Add(Visitor.Token);
        var daemon = await World.StartReadyAsync();
        var visitor = new Visitor(daemon.Address!);
        Assert.Equal(HttpStatusCode.SeeOther, await visitor.SignInAsync());
        return visitor;
    }

    [GeneratedRegex("name=\"plan\" value=\"([0-9a-f]+)\"")]
    private static partial Regex PlanHash();
}
