using System.Globalization;
using System.Text;
using Demo.Reading;
using Demo.Stage;

namespace Demo;

/// <summary>Leaves everything running for somebody who wants to look around.</summary>
internal static class Visit
{
    private const string FullRegion = "nrt";

    public static async Task HostAsync(Theatre theatre, CancellationToken cancellationToken)
    {
        var file = Path.Combine(theatre.Folder, "env.sh");
        await File.WriteAllTextAsync(file, EnvironmentFile(theatre), cancellationToken);
        using var reader = new FleetReader(theatre);
        await BreakAsync(theatre, Cast.Ben, cancellationToken);
        var ada = await reader.OneAsync(Cast.Ada, cancellationToken);
        Console.WriteLine(Guide(file, ada, theatre));
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            Console.WriteLine("Stopping …");
        }
    }

    /// <summary>Something to look at: the user is wished into a region that has no room, and keeps the old machine meanwhile.</summary>
    private static async Task BreakAsync(Theatre theatre, Person person, CancellationToken cancellationToken)
    {
        await theatre.Fly.Client.LimitRegionAsync(FullRegion, 0, cancellationToken);
        await theatre.Database.ExecuteAsync(
            "update public.user_fly_apps set spec = jsonb_build_object('region', $2::text) where user_id = $1", person.Id, FullRegion);
    }

    private static string EnvironmentFile(Theatre theatre)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in theatre.Environment)
        {
            Export(name, value);
        }

        Export("DEMO_DATABASE", theatre.OwnerUrl);
        Export("DEMO_FLY", theatre.Fly.BaseAddress.AbsoluteUri + "_sim");
        Export("DEMO_DAEMON", theatre.DaemonAddress.GetLeftPart(UriPartial.Authority));
        Export("DEMO_LOG", theatre.LogFile);
        Export("DEMO_DAN", Cast.Dan.Id.ToString());
        return text.Append(CultureInfo.InvariantCulture, $"reconciler() {{ {theatre.Program.CommandLine} \"$@\"; }}\n").ToString();

        void Export(string name, string value) => text.Append(CultureInfo.InvariantCulture, $"export {name}='{value}'\n");
    }

    private static string Guide(string file, Sighting ada, Theatre theatre) => $$"""

        Everything keeps running until Ctrl-C. The console, with one broken user to look at:

          {{theatre.DaemonAddress.AbsoluteUri}}
          to act there, sign in with   {{theatre.Secrets.ConsoleToken}}

        In another terminal:

          . {{file}}

          reconciler status                      the fleet as the database has it
          reconciler plan                        what would change (one move that finds no room)
          reconciler doctor                      every setting and credential, checked
          reconciler force {{ada.Row?.App}} --wait

          psql "$DEMO_DATABASE" -xc 'table user_fly_apps'        the rows, conditions included
          curl -s $DEMO_FLY/state                what the simulated Fly has
          curl -s "$DEMO_FLY/calls?mutating=true"   what it was asked to change
          curl -s $DEMO_DAEMON/readyz; curl -s $DEMO_DAEMON/metrics
          tail -f $DEMO_LOG

        Break something and watch it being repaired:

          curl -X POST $DEMO_FLY/apps/{{ada.App?.Name}}/machines/{{ada.Machine?.Id}}/destroy
          psql "$DEMO_DATABASE" -c "update user_subscriptions set tier = 'pro' where user_id = '$DEMO_DAN'"
        """;
}
