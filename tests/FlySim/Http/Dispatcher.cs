using System.Globalization;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Http;

/// <summary>
/// The way of every request: logged, delayed, authenticated, perhaps struck by a fault, limited, handled, answered.
/// </summary>
internal sealed class Dispatcher(World world)
{
    private long _requests;

    /// <summary>The answer, or null when the connection is to break without one.</summary>
    public async Task<Reply?> HandleAsync(SimRequest request, Operation operation, Func<Call, Task<Reply>> handler)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"01SIM{Interlocked.Increment(ref _requests):D21}-sin");
        request.RequestId = id;
        var call = new Call(request, operation, world, id);
        var seq = world.LogCall(call);
        var reply = await AnswerAsync(call, handler);
        world.LogOutcome(seq, call, reply);
        return reply;
    }

    private async Task<Reply?> AnswerAsync(Call call, Func<Call, Task<Reply>> handler)
    {
        try
        {
            // Read first: a request that takes effect late must not need its connection any more.
            var bytes = await call.Request.ReadBodyAsync(call.Aborted);
            await DelayAsync(world.Settings.LatencyMs, call.Aborted);
            if (Credentials.Refusal(call) is { } refusal)
            {
                return refusal;
            }

            call.Fault = call.Request.ChosenFault is { } chosen ? World.Known(chosen) : world.FaultFor(call);
            if (await FaultInjection.BeforeAsync(call, DelayAsync) is { } injected)
            {
                return injected.Reply;
            }

            var reply = await ReplyAsync(call, bytes, handler);
            return await FaultInjection.AfterAsync(call, reply, DelayAsync);
        }
        catch (Exception problem) when (problem is OperationCanceledException or IOException)
        {
            return null; // The caller hung up before anything happened, or while it was kept waiting.
        }
    }

    private static async Task<Reply> ReplyAsync(Call call, byte[] bytes, Func<Call, Task<Reply>> handler)
    {
        try
        {
            if (call.World.OverLimit(call) is { } limited)
            {
                return limited;
            }

            call.Body = BodyReader.Parse(call.Operation, bytes);
            return await handler(call);
        }
        catch (RefusedException refused)
        {
            return call.Operation.Realm == Realm.Registry ? RegistryErrors.Reply(refused) : Reply.Refused(refused);
        }
    }

    private Task DelayAsync(int milliseconds, CancellationToken cancellationToken) =>
        milliseconds <= 0 ? Task.CompletedTask : Task.Delay(TimeSpan.FromMilliseconds(milliseconds), world.Time, cancellationToken);
}
