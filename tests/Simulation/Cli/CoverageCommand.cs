using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace Simulation.Cli;

/// <summary><c>coverage</c>: adds up what campaigns injected and survived. A class that never happened fails: it was not tested.</summary>
internal static class CoverageCommand
{
    public static Command Create()
    {
        var files = new Argument<string[]>("files") { Description = "What campaigns wrote with --coverage.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("coverage", "Shows how often each class of fault was injected and survived; fails when one never was.") { files };
        command.SetAction(parsed => Show(parsed.GetValue(files)!));
        return command;
    }

    private static int Show(string[] files)
    {
        var coverage = new Coverage();
        foreach (var file in files)
        {
            coverage.Load(file);
        }

        var table = new Table().AddColumns("Class", "What goes wrong", "Injected", "Survived");
        var missing = new List<string>();
        foreach (var (fault, (code, title)) in FaultClasses.All)
        {
            var (injected, survived) = coverage.Classes.GetValueOrDefault(fault);
            table.AddRow(code, title, Number(injected), Number(survived));
            if (injected == 0)
            {
                missing.Add(code);
            }
        }

        AnsiConsole.Write(table);
        Console.Out.WriteLine($"{FaultClasses.All.Count - missing.Count} of {FaultClasses.All.Count} classes; {coverage.Sites.Count} kinds of fault at calls, each {coverage.Sites.Values.DefaultIfEmpty().Min()} times or more");
        if (missing.Count > 0)
        {
            Console.Out.WriteLine($"never injected: {string.Join(", ", missing)}");
        }

        return missing.Count == 0 ? 0 : 1;
    }

    private static string Number(long number) => number.ToString("N0", CultureInfo.InvariantCulture);
}
