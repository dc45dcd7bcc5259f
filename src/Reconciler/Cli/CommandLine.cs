using System.CommandLine;
using FlyApi;
using Reconciler.Configuration;
using Store;

namespace Reconciler.Cli;

/// <summary>The commands and their options. <c>run</c> is the default.</summary>
internal static class CommandLine
{
    private static RootCommand Root()
    {
        var root = new RootCommand("Keeps one Fly.io app with one healthy machine for every Pro and Elite user.");
        var json = new Option<bool>("--json") { Description = "Print JSON instead of a table." };
        var user = new Option<string?>("--user") { Description = "Only this user (id or app name)." };
        var print = new Option<bool>("--print") { Description = "Print the SQL instead of running it." };
        var verbose = new Option<bool>("--verbose") { Description = "Print what each script does." };
        var keep = new Option<bool>("--keep-old-trigger") { Description = "Leave the host's own trigger on and ours off." };
        var undo = new Option<bool>("--undo") { Description = "Take away all that migrations added; no daemon may run." };
        var which = new Argument<string>("which") { Description = "new or old." };
        which.AcceptOnlyFromAmong("new", "old");
        var timeout = new Option<TimeSpan>("--timeout")
        {
            Description = "Give up waiting for convergence after this time (hh:mm:ss).",
            DefaultValueFactory = _ => TimeSpan.FromMinutes(10),
        };
        var wait = new Option<bool>("--wait") { Description = "Wait for the result file and print it." };
        var owner = new Option<string>("--owner") { Description = "Who decides.", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why.", Required = true };
        var one = new Argument<string>("user") { Description = "A user id or an app name." };
        var users = new Argument<string[]>("user") { Description = "User ids or app names; none = everyone.", Arity = ArgumentArity.ZeroOrMore };

        Add(root, new Command("run", "Run the daemon (the default)."), (_, ct) => RunCommand.RunAsync(ct));
        Add(
            root,
            new Command("once", "One full pass; exit 0 only if everything converged.") { json, timeout },
            (parsed, ct) => OnceCommand.RunAsync(parsed.GetValue(timeout), parsed.GetValue(json), ct));
        Add(
            root,
            new Command("plan", "Show what would change, and change nothing; exit 1 if anything would.") { user, json },
            (parsed, ct) => PlanCommand.RunAsync(parsed.GetValue(user), parsed.GetValue(json), ct));
        Add(
            root,
            new Command("status", "Show the fleet as the database has it.") { json },
            (parsed, ct) => StatusCommand.RunAsync(parsed.GetValue(json), ct));
        Add(
            root,
            new Command("explain", "Say why one user is in its state, what happens next and when, and what decides; exit 1 unless as desired.") { one, json },
            (parsed, ct) => ExplainCommand.RunAsync(parsed.GetValue(one)!, parsed.GetValue(json), ct));
        Add(
            root,
            new Command("migrate", "Bring the database to what this version needs.") { print, verbose, keep, undo },
            (parsed, ct) => parsed.GetValue(undo)
                ? MigrateCommand.UndoAsync(ct)
                : MigrateCommand.RunAsync(parsed.GetValue(print), parsed.GetValue(verbose), parsed.GetValue(keep), ct));
        Add(
            root,
            new Command("trigger", "Hand the subscriptions to the controller (new), or back to the old functions (old).") { which },
            (parsed, ct) => TriggerCommand.RunAsync(parsed.GetValue(which) == "new", ct));
        Add(
            root,
            new Command("doctor", "Check every credential, permission, image, key and setting.") { json },
            (parsed, ct) => DoctorCommand.RunAsync(parsed.GetValue(json), ct));
        Add(
            root,
            new Command("force", "Force a reconcile through the signal file.") { users, wait, timeout },
            (parsed, ct) => ForceCommand.RunAsync(parsed.GetValue(users) ?? [], parsed.GetValue(wait), parsed.GetValue(timeout), ct));
        Add(
            root,
            new Command("release-hold", "Confirm that a sudden loss of users is right, and let deprovisioning go on.") { owner, reason },
            (parsed, ct) => ReleaseHoldCommand.RunAsync(parsed.GetValue(owner)!, parsed.GetValue(reason)!, ct));
        root.Subcommands.Add(RolloutCommands.Group(json, owner, reason, Add));
        root.SetAction((_, ct) => GuardAsync(() => RunCommand.RunAsync(ct)));

        return root;
    }

    public static async Task<int> RunAsync(string[] args)
    {
        var (result, problems) = Parse(args);
        if (problems.Count > 0)
        {
            foreach (var problem in problems)
            {
                await Out.ErrorAsync(problem);
            }

            await Console.Error.WriteLineAsync("Try `reconciler --help`.");
            return ExitCodes.BadConfiguration;
        }

        // The daemon's host handles SIGTERM and SIGINT itself: the parser's two-second limit would cut the drain off.
        var isDaemon = result.CommandResult.Command is RootCommand || result.CommandResult.Command.Name == "run";
        return await result.InvokeAsync(new InvocationConfiguration
        {
            ProcessTerminationTimeout = isDaemon ? null : TimeSpan.FromSeconds(10),
            EnableDefaultExceptionHandler = false,
        });
    }

    /// <summary>The arguments and what is wrong with them, fit to be shown. A name is a name, so <c>@x</c> is no file to read more from.</summary>
    internal static (ParseResult Result, IReadOnlyList<string> Problems) Parse(string[] args)
    {
        var result = Root().Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        return (result, [.. result.Errors.Select(error => Out.Clean(error.Message))]);
    }

    private static void Add(Command root, Command command, Func<ParseResult, CancellationToken, Task<int>> action)
    {
        command.SetAction((parsed, ct) => GuardAsync(() => action(parsed, ct)));
        root.Subcommands.Add(command);
    }

    /// <summary>What a person can act on gets a sentence and an exit code; a bug keeps its stack trace.</summary>
    private static async Task<int> GuardAsync(Func<Task<int>> command)
    {
        try
        {
            return await command();
        }
        catch (ConfigurationProblemException exception)
        {
            // Several lines, each of which was cleaned where it was made.
            await Console.Error.WriteLineAsync(exception.Message);
            return ExitCodes.BadConfiguration;
        }
        catch (StoreSchemaException exception)
        {
            await Out.ErrorAsync(exception.Message);
            return ExitCodes.BadConfiguration;
        }
        catch (FormatException exception)
        {
            await Out.ErrorAsync(exception.Message);
            return ExitCodes.BadConfiguration;
        }
        catch (StoreUnavailableException exception)
        {
            await Out.ErrorAsync($"The database cannot be reached: {exception.Message}");
            return ExitCodes.Unreachable;
        }
        catch (FlyApiException exception)
        {
            await Out.ErrorAsync($"Fly cannot be reached or refuses: {exception.Message}");
            return ExitCodes.Unreachable;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Stopped.");
            return ExitCodes.NotConverged;
        }
    }
}

/// <summary>Configuration that cannot be used; the message lists every problem.</summary>
internal sealed class ConfigurationProblemException(string message) : Exception(message)
{
    public static ConfigurationProblemException Of(SettingsResult result) => new(
        $"The configuration has {result.Problems.Count} problem(s):{Environment.NewLine}"
        + string.Join(Environment.NewLine, result.Problems.Select(p => "  - " + p)));
}
