using System.CommandLine;
using System.Globalization;
using Simulation.Stories;

namespace Simulation.Cli;

/// <summary>A command that runs what a story's undisturbed run says can be run.</summary>
internal static class ExhaustiveCommand
{
    public static Command Create(
        string name, string description, IReadOnlyList<Story> stories, Func<Story, int, int, IEnumerable<string>> runsOf)
    {
        var only = new Option<string?>("--story") { Description = "Only this story." };
        var daemons = new Option<int?>("--daemons") { Description = "Only with so many daemons; both 1 and 2 otherwise." };
        var every = new Option<int>("--every") { Description = "Only one in so many runs, evenly spread.", DefaultValueFactory = _ => 1 };
        var polls = new Option<int>("--polls")
        {
            Description = "Strikes only the first so many of each kind of periodic poll; all of them otherwise.",
            DefaultValueFactory = _ => int.MaxValue,
        };
        var shortest = new Option<int>("--shortest") { Description = "Only so many stories, those with the fewest calls.", DefaultValueFactory = _ => int.MaxValue };
        var options = new CampaignOptions();
        var command = new Command(name, description) { only, daemons, every, polls, shortest };
        options.AddTo(command);
        command.SetAction(parsed =>
        {
            var story = parsed.GetValue(only);
            int[] nodes = parsed.GetValue(daemons) is { } number ? [number] : [1, 2];
            var chosen = story is null ? stories : AllStories.All.Where(s => s.Name == story).ToList();
            if (chosen.Count == 0)
            {
                Console.Error.WriteLine($"There is no story '{story}'; there are {string.Join(", ", AllStories.All.Select(s => s.Name))}.");
                return 2;
            }

            var stride = Math.Max(1, parsed.GetValue(every));
            var most = parsed.GetValue(shortest);
            chosen = most >= chosen.Count ? chosen : [.. chosen.OrderBy(Sweep.CallsOf).Take(most)];
            var runs = (from one in chosen from n in nodes from run in runsOf(one, n, parsed.GetValue(polls)) select run).Where((run, index) => index % stride == 0 || Sweep.IsUndisturbed(run));
            var arguments = new List<string> { name, "--every", stride.ToString(CultureInfo.InvariantCulture), "--shortest", most.ToString(CultureInfo.InvariantCulture), "--polls", parsed.GetValue(polls).ToString(CultureInfo.InvariantCulture) };
            if (story is not null)
            {
                arguments.AddRange(["--story", story]);
            }

            if (parsed.GetValue(daemons) is { } told)
            {
                arguments.AddRange(["--daemons", told.ToString(CultureInfo.InvariantCulture)]);
            }

            return options.Campaign(name, parsed).Run(runs.Select(JobOf), count: null, arguments);
        });
        return command;
    }

    private static Job JobOf(string run) => new($"replay {run}", () => Sweep.Run(run)!);
}
