using System.Globalization;
using FlySim.Admin;
using FlySim.Model;
using FlySim.Worlds;

namespace FlySim.Http;

/// <summary>
/// The way of every request: logged, delayed, authenticated, perhaps struck by a fault, limited, handled, answered.
/// </summary>
internal sealed class Dispatcher(World world)
{
    private long _requests;

    /// <param name="http">The request.</param>
    /// <param name="operation">What it is for.</param>
    /// <param name="handler">Does it.</param>
    /// <param name="chosen">A fault that strikes this request before any rule of the world's.</param>
    public async Task HandleAsync(HttpContext http, Operation operation, Func<Call, Task<Reply>> handler, FaultRule? chosen = null)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"01SIM{Interlocked.Increment(ref _requests):D21}-sin");
        var call = new Call(http, operation, world, id);
        var seq = world.Run(() => world.LogCall(call));
        var reply = await AnswerAsync(call, handler, chosen);
        world.Run(() => world.LogOutcome(seq, call, reply));
        if (reply is null)
        {
            http.Abort();
        }
        else
        {
            await WriteAsync(http, call, reply);
        }
    }

    /// <summary>The answer, or null when the connection is to break without one.</summary>
    private async Task<Reply?> AnswerAsync(Call call, Func<Call, Task<Reply>> handler, FaultRule? chosen)
    {
        try
        {
            // Read first: a request that takes effect late must not need its connection any more.
            var bytes = await BodyReader.ReadAsync(call.Request, call.Aborted);
            await DelayAsync(world.Settings.LatencyMs, call.Aborted);
            if (Credentials.Refusal(call) is { } refusal)
            {
                return refusal;
            }

            call.Fault = chosen ?? world.Run(() => world.FaultFor(call));
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
            if (call.World.Run(() => call.World.OverLimit(call)) is { } limited)
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

    private static async Task WriteAsync(HttpContext http, Call call, Reply reply)
    {
        var response = http.Response;
        response.StatusCode = reply.Status;
        response.Headers["fly-request-id"] = call.RequestId;
        foreach (var (name, value) in reply.Headers)
        {
            response.Headers[name] = value;
        }

        if (reply.Status == 204)
        {
            return;
        }

        response.ContentLength = reply.DeclaredLength ?? reply.Body.Length;
        if (reply.Body.Length > 0)
        {
            response.ContentType = reply.ContentType;
        }

        if (reply.Body.Length > 0 && !HttpMethods.IsHead(http.Request.Method))
        {
            await response.Body.WriteAsync(reply.Body, CancellationToken.None);
        }
    }
}
