using ConsoleTests.Browser;
using ConsoleTests.Support;

namespace ConsoleTests.Processes;

/// <summary>What others can write into the database is text on every page, and nothing else.</summary>
public sealed class HostileTextTests : WorldTest
{
    private const string Attack = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">\"'></a>&lt;b&gt;\u202Egnp";

    [Fact]
    public async Task Hostile_names_reasons_errors_and_events_are_inert()
    {
        await FleetSeed.SeedAsync(World.Database, 3);
        var user = (await World.Database.ListAsync<Guid>("select user_id from public.user_fly_apps order by fly_app_name limit 1"))[0];
        await World.Database.ExecuteAsync(
            """
            update public.user_fly_apps
               set fly_app_name = 'a' || $2, region = $2, error_message = $2, retry_count = 2, last_error_class = $2, machine_id = $2, docker_image = $2,
                   paused = true, pause_owner = $2, pause_reason = $2,
                   conditions = jsonb_build_array(jsonb_build_object('type', 'Ready', 'status', 'False', 'reason', $2, 'message', $2,
                     'lastTransitionTime', now())), spec = jsonb_build_object('region', $2)
             where user_id = $1
            """,
            user, Attack);
        await World.Database.ExecuteAsync(
            """
            insert into public.user_fly_app_events (fly_app_id, user_id, event_type, status, metadata, error_details)
            select id, user_id, 'error_occurred', $2, jsonb_build_object('reason', $2, 'message', $2, 'steps', $2, 'drift', $2), $2
              from public.user_fly_apps where user_id = $1
            """,
            user, Attack);
        await World.Database.ExecuteAsync(
            "insert into fly_reconciler.operator_actions (action, user_id, owner, reason) values ($2, $1, $2, $2)", user, Attack);
        var daemon = await World.StartReadyAsync();
        using var visitor = new Visitor(daemon.Address!);
        await using var chromium = await Chromium.StartAsync();
        var window = await chromium.OpenAsync();

        foreach (var path in new[] { "/", $"/users/{user}", "/users", "/users?q=" + Uri.EscapeDataString(Attack), "/users/" + Uri.EscapeDataString(Attack) + "x" })
        {
            var (_, body) = await visitor.GetAsync(path);
            Assert.DoesNotContain("<script>document", body, StringComparison.Ordinal);
            Assert.DoesNotContain("<img", body, StringComparison.Ordinal);
            Assert.DoesNotContain("\u202E", body, StringComparison.Ordinal);
            Assert.Contains("owned", body, StringComparison.Ordinal);

            await window.Page.GotoAsync(new Uri(daemon.Address!, path).AbsoluteUri);
            Assert.DoesNotContain("owned", (await window.Page.TitleAsync()).Split('<')[0], StringComparison.Ordinal);
            Assert.Equal(0, await window.Page.EvaluateAsync<int>("() => document.querySelectorAll('img, main script, [onerror]').length"));
        }
    }
}
