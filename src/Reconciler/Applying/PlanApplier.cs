using System.Diagnostics;
using FlyApi;
using Reconciler.Leading;
using Reconciler.Model;
using Reconciler.Planning;
using Reconciler.Queueing;
using Reconciler.Telemetry;
using Store;

namespace Reconciler.Applying;

/// <summary>Executes a plan's steps in order and stops at the first that cannot proceed now. A failure is answered by observing again, never by patching the plan.</summary>
internal sealed class PlanApplier(StepRunner runner, ReconcilerTelemetry telemetry, ILogger<PlanApplier> logger)
{
    /// <exception cref="LeadershipLostException">Before a step that may no longer be taken; nothing of it happened.</exception>
    /// <exception cref="StaleEpochException">The database says that another process leads.</exception>
    public async Task<ApplyResult> ApplyAsync(Snapshot snapshot, Plan plan, Leadership leadership, CancellationToken cancellationToken)
    {
        var context = new ApplyContext(snapshot, plan, leadership);
        var done = new List<Step>();
        ApplyStop? stop = null;
        foreach (var step in plan.Steps)
        {
            leadership.EnsureCanAct();
            stop = await TryStepAsync(step, context, cancellationToken);
            if (stop is not null and not ApplyStop.Wait { Reason: Reasons.MachineAdopted })
            {
                break;
            }

            done.Add(step);
            ApplyLog.StepDone(logger, step.Kind, context.AppName, context.UserId, step.Reason);
            if (stop is not null)
            {
                break;
            }
        }

        return new ApplyResult(context.Memory, done, stop, context.ElectedMachineId, context.AppName);
    }

    private async Task<ApplyStop?> TryStepAsync(Step step, ApplyContext context, CancellationToken cancellationToken)
    {
        using var activity = telemetry.StartStep(step.Kind, step.Reason);
        ApplyStop? stop;
        try
        {
            stop = await runner.RunAsync(step, context, cancellationToken);
        }
        catch (FlyApiException exception)
        {
            stop = Failure.From(exception, step.Kind);
            activity?.SetTag("fly.request_id", exception.RequestId);
        }
        catch (StoreUnavailableException exception)
        {
            stop = new ApplyStop.Failed(Reasons.StoreUnavailable, exception.Message, BackoffClass.Transient, step.Kind, null, null);
        }

        var outcome = stop switch
        {
            null => "done",
            ApplyStop.Wait => "waiting",
            ApplyStop.Guarded => "guarded",
            _ => "failed",
        };
        activity?.SetStatus(stop is ApplyStop.Failed ? ActivityStatusCode.Error : ActivityStatusCode.Ok);
        telemetry.StepTried(step.Kind, outcome);
        return stop;
    }
}
