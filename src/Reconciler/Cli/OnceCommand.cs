using System.Text.Json;
using System.Text.Json.Serialization;
using Reconciler.Configuration;
using Reconciler.Hosting;
using Reconciler.Leading;
using Reconciler.Queueing;
using Reconciler.Telemetry;
using Spectre.Console;

namespace Reconciler.Cli;

/// <summary><c>once</c>: one full pass under the lease, every user looked at directly; exit 0 only if all converged.</summary>
internal static class OnceCommand
{
    private static readonly TimeSpan RolloutLook = TimeSpan.FromMilliseconds(200);

    public static async Task<int> RunAsync(TimeSpan timeout, bool json, CancellationToken cancellationToken)
    {
        await using var context = await CommandContext.OpenAsync(cancellationToken);
        var core = context.Core;
        if (await core.Elector.TryLeadAsync(cancellationToken) is not { } leadership)
        {
            await Out.ErrorAsync(
                $"{core.Elector.Leader ?? "Nobody we can see"} leads; `reconciler force` asks the running daemon instead.");
            return ExitCodes.Unreachable;
        }

        OnceResult? result = null;
        await core.Elector.RunTermAsync(
            leadership,
            async (held, stopping, lost) => result = await PassAsync(core, held, timeout, stopping, lost),
            cancellationToken);
        if (result is null)
        {
            await Console.Error.WriteLineAsync("The lease was lost before the pass was over.");
            return ExitCodes.Unreachable;
        }

        Print(result, json);
        return result.Converged ? ExitCodes.Fine : ExitCodes.NotConverged;
    }

    private static async Task<OnceResult> PassAsync(
        Core core, Leadership leadership, TimeSpan timeout, CancellationToken stopping, CancellationToken lost)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, lost);
        using var queue = new WorkQueue<Guid>(core.Ports.Time);
        await core.Policies.RefreshAsync(either.Token);
        if (core.Settings.Mode == ReconcilerMode.Enforce)
        {
            await core.Ports.Store.WriteDefaultsAsync(leadership.Token, core.Defaults, either.Token);
            await core.Ports.Store.SyncTiersAsync(leadership.Token, either.Token);
        }

        var rolls = core.Settings is { Mode: ReconcilerMode.Enforce, Rollout.Enabled: true }
            && await core.Rollouts.TurnAsync(queue, leadership, core.Ports.Time.GetUtcNow(), either.Token);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(either.Token);
        var rolling = rolls ? core.Rollouts.RunAsync(queue, leadership, ending.Token) : Task.CompletedTask;
        var begun = core.Ports.Time.GetTimestamp();
        var summaries = (await core.Ports.Store.ReadSummariesAsync(either.Token)).Where(s => !s.Former).ToList();
        var users = summaries.Where(s => s.Live || s.Run).Select(s => s.UserId).ToList();
        var workers = core.Workers(queue, ignoreBackoff: true).RunAsync(core.Settings.Loops.Workers, leadership, either.Token);
        var tracking = core.Tracker.TrackAsync(
            users,
            timeout,
            () =>
            {
                foreach (var user in users)
                {
                    core.Deep.Add(user);
                    queue.Add(user, Priority.User, AddKind.NewGeneration);
                }
            },
            either.Token);
        await Task.WhenAny(tracking, workers);
        while (rolls && !workers.IsCompleted && core.Ports.Time.GetElapsedTime(begun) < timeout && core.Rollouts.Last is not { State.IsUnderWay: false })
        {
            await Task.Delay(RolloutLook, core.Ports.Time, either.Token);
        }

        var rollout = core.Rollouts.Last is { State: { IsUnderWay: true } state } ? $"a rollout is under way: {state.Phase}{(state.Why is null ? "" : ", " + state.Why)}" : null;
        await ending.CancelAsync();
        queue.ShutDown();
        await workers;
        await rolling.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        var outcome = await tracking;
        var apps = summaries.ToDictionary(s => s.UserId, s => s.AppName);
        return new OnceResult(
            users.Count, [.. outcome.Pending.Select(p => new OncePending(p.UserId, apps[p.UserId], p.Reason, p.Message))],
            rollout);
    }

    private static void Print(OnceResult result, bool json)
    {
        if (json)
        {
            Console.Out.WriteLine(JsonSerializer.Serialize(result, OnceJson.Default.OnceResult));
            return;
        }

        if (result.Pending.Count > 0)
        {
            var table = new Table().AddColumns("App", "User", "Reason", "What is wrong");
            foreach (var pending in result.Pending)
            {
                table.AddRow(Out.CellOf(pending.App), Out.CellOf(pending.UserId.ToString()), Out.CellOf(pending.Reason), Out.CellOf(pending.Message));
            }

            AnsiConsole.Write(table);
        }

        Console.Out.WriteLine($"{result.Users - result.Pending.Count} of {result.Users} converged.");
        if (result.Rollout is { } rollout)
        {
            Out.Line(rollout);
        }
    }
}

/// <summary>The outcome of one pass.</summary>
/// <param name="Rollout">Null when no rollout is under way.</param>
internal sealed record OnceResult(int Users, IReadOnlyList<OncePending> Pending, string? Rollout)
{
    public bool Converged => Pending.Count == 0 && Rollout is null;
}

internal sealed record OncePending(Guid UserId, string App, string Reason, string Message);

[JsonSerializable(typeof(OnceResult))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class OnceJson : JsonSerializerContext;
