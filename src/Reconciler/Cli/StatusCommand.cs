using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Guarding;
using Reconciler.Model;
using Reconciler.Reporting;
using Spectre.Console;
using Store;

namespace Reconciler.Cli;

/// <summary><c>status</c>: what is wrong now, why, and what happens next, from the database alone.</summary>
internal static class StatusCommand
{
    public static async Task<int> RunAsync(bool json, CancellationToken cancellationToken)
    {
        using var loggers = CommandContext.Loggers();
        await using var stores = CommandContext.OpenStores(CommandContext.ReadDatabaseUrl(), loggers);
        var report = await ReadAsync(stores, cancellationToken);
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(report, StatusJson.Default.StatusReport));
        }
        else
        {
            Print(report);
        }

        return report.Users.All(u => u.Settled) ? ExitCodes.Fine : ExitCodes.NotConverged;
    }

    private static async Task<StatusReport> ReadAsync(PostgresStores stores, CancellationToken cancellationToken)
    {
        var configuration = CommandContext.ReadConfiguration();
        var lease = await stores.Leases.ReadAsync(configuration["Reconciler:LeaseName"] ?? "reconciler", cancellationToken);
        var census = await stores.Store.ReadFleetStateAsync(FleetGuard.HistoryKey, cancellationToken);
        var hold = CensusHistory.Read(census, TimeProvider.System.GetUtcNow(), out _).Hold;
        var users = await stores.Store.ReadAllUsersAsync(cancellationToken);
        return new StatusReport(
            lease is { Expired: false } ? lease.Holder : null,
            lease?.Epoch,
            hold,
            await stores.Store.ReadDestroysLastHourAsync(cancellationToken),
            [.. users.Select(Describe)]);
    }

    private static UserStatus Describe(UserApp user)
    {
        var ready = ReportJson.ReadConditions(user.Conditions).FirstOrDefault(c => c.Type == ConditionTypes.Ready);
        var settled = user.Generation == user.ObservedGeneration && !user.Paused && user.RetryCount == 0
            && (user.Entitled ? ready is { Status: ConditionStatus.True } : user.Status is "deleted" or "deprovisioning");
        return new UserStatus(
            user.UserId,
            user.AppName,
            user.Tier,
            user.Status,
            user.HealthStatus,
            user.Region,
            user.MachineId,
            settled,
            user.Paused ? Reasons.Paused : ready?.Reason,
            user.Paused ? user.PauseReason : user.ErrorMessage ?? ready?.Message,
            user.RetryCount,
            user.NextAttemptAt,
            user.MonthlyCostUsd);
    }

    private static void Print(StatusReport report)
    {
        Out.Line(report.Leader is null ? "Nobody leads!" : $"Leader {report.Leader}, epoch {report.Epoch}.");
        if (report.Hold is { } hold)
        {
            Out.Line($"HOLD: {hold}");
        }

        foreach (var group in report.Users.GroupBy(u => u.Status).OrderBy(g => g.Key, StringComparer.Ordinal))
        {
            Out.Line($"  {group.Count(),6} {group.Key}");
        }

        Console.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Destroyed in the last hour: {report.DestroyedLastHour}. Estimated cost: ${report.MonthlyCostUsd:0.00} a month."));
        var open = report.Users.Where(u => !u.Settled).ToList();
        if (open.Count == 0)
        {
            Console.Out.WriteLine("Every user is as desired.");
            return;
        }

        var table = new Table().AddColumns("App", "User", "Tier", "Status", "Reason", "What is wrong", "Tries", "Next try (UTC)");
        foreach (var user in open)
        {
            table.AddRow(
                Out.CellOf(user.App),
                Out.CellOf(user.UserId.ToString()),
                Out.CellOf(user.Tier),
                Out.CellOf(user.Status),
                Out.CellOf(user.Reason ?? "not looked at yet"),
                Out.CellOf(user.Message ?? ""),
                Out.CellOf(user.Tries.ToString(CultureInfo.InvariantCulture)),
                Out.CellOf(user.NextTryAt?.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) ?? ""));
        }

        AnsiConsole.Write(table);
    }
}

internal sealed record StatusReport(string? Leader, long? Epoch, string? Hold, int DestroyedLastHour, IReadOnlyList<UserStatus> Users)
{
    public decimal MonthlyCostUsd => Users.Sum(u => u.MonthlyCostUsd ?? 0);
}

internal sealed record UserStatus(
    Guid UserId,
    string App,
    string Tier,
    string Status,
    string? Health,
    string Region,
    string? MachineId,
    bool Settled,
    string? Reason,
    string? Message,
    int Tries,
    DateTime? NextTryAt,
    decimal? MonthlyCostUsd);

[JsonSerializable(typeof(StatusReport))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class StatusJson : JsonSerializerContext;
