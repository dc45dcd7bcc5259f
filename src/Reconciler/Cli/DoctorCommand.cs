using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Configuration;
using Reconciler.Doctoring;
using Reconciler.Hosting;
using Spectre.Console;
using Store;

namespace Reconciler.Cli;

/// <summary><c>doctor</c>: every credential, permission, image, key and setting, and how to put right what is wrong.</summary>
internal static class DoctorCommand
{
    public static async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        var findings = new List<Finding>();
        var result = SettingsLoader.Load(CommandContext.ReadConfiguration());
        findings.AddRange(result.Problems.Select(p => new Finding("configuration", FindingLevel.Failed, p, null)));
        findings.AddRange(result.Warnings.Select(w => new Finding("configuration", FindingLevel.Warning, w, null)));
        if (result.Settings is { } settings)
        {
            findings.Add(new Finding("configuration", FindingLevel.Ok, "complete and valid", null));
            using var loggers = CommandContext.Loggers();
            await using var stores = CommandContext.OpenStores(settings.DatabaseUrl.Reveal(), loggers);
            findings.AddRange((await stores.Doctor.ExamineAsync(cancellationToken)).Select(Finding.From));
            using var core = new Core(settings, RealWorld.Ports(stores, loggers), new byte[32]);
            findings.AddRange(await FleetDoctor.ExamineAsync(core, cancellationToken));
        }

        Print(findings, json);
        return findings.Exists(f => f.Level == FindingLevel.Failed)
            ? result.Settings is null ? ExitCodes.BadConfiguration : ExitCodes.NotConverged
            : ExitCodes.Fine;
    }

    private static void Print(List<Finding> findings, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(findings, DoctorJson.Default.ListFinding));
            return;
        }

        var table = new Table().AddColumns("", "Check", "Finding", "What to do");
        foreach (var finding in findings)
        {
            var mark = finding.Level switch
            {
                FindingLevel.Ok => new Text("ok", new Style(Color.Green)),
                FindingLevel.Warning => new Text("warn", new Style(Color.Yellow)),
                _ => new Text("FAIL", new Style(Color.Red)),
            };
            table.AddRow(mark, Out.CellOf(finding.Check), Out.CellOf(finding.What), Out.CellOf(finding.Fix));
        }

        AnsiConsole.Write(table);
    }
}

[JsonSerializable(typeof(List<Finding>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, UseStringEnumConverter = true)]
internal sealed partial class DoctorJson : JsonSerializerContext;
