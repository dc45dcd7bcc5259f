using Bench.Scenarios;
using Bench.Stage;
using Spectre.Console;

// ./bench.sh [scenario…] [--quick]: each scenario prints our figure, the floor's from the same run, and their ratio.
var quick = args.Contains("--quick");
var wanted = args.Where(static a => a != "--quick").ToList();
var scenarios = new SortedDictionary<string, Func<Programs, bool, Task>>(StringComparer.Ordinal)
{
    ["commands"] = static (programs, _) => Commands.RunAsync(programs),
    ["latency"] = CommitToRequest.RunAsync,
    ["look"] = UserLook.RunAsync,
    ["pass"] = QuietPass.RunAsync,
    ["queue"] = Queue.RunAsync,
    ["rollout"] = RolloutTurn.RunAsync,
    ["start"] = StartUp.RunAsync,
    ["status"] = StatusWriteBack.RunAsync,
};
if (wanted.Find(name => !scenarios.ContainsKey(name)) is { } unknown)
{
    await Console.Error.WriteLineAsync($"'{unknown}' is no scenario; there are {string.Join(", ", scenarios.Keys)}.");
    return 2;
}

AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 150);
var programs = Programs.FromEnvironment();
foreach (var (name, scenario) in scenarios)
{
    if (wanted.Count == 0 || wanted.Contains(name))
    {
        await scenario(programs, quick);
    }
}

return 0;
