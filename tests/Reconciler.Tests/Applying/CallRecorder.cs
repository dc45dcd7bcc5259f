using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Reconciler.Tests.Applying;

/// <summary>Stands before a port and notes each call, so that calls to two ports can be read in one order.</summary>
public class CallRecorder : DispatchProxy
{
    private object _inner = null!;
    private List<string> _calls = null!;

    public static T Before<T>(T inner, List<string> calls)
        where T : class
    {
        var proxy = Create<T, CallRecorder>();
        ((CallRecorder)(object)proxy)._inner = inner;
        ((CallRecorder)(object)proxy)._calls = calls;
        return proxy;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        _calls.Add(targetMethod!.Name.Replace("Async", "", StringComparison.Ordinal));
        try
        {
            return targetMethod.Invoke(_inner, args);
        }
        catch (TargetInvocationException exception) when (exception.InnerException is { } thrown)
        {
            ExceptionDispatchInfo.Throw(thrown);
            throw;
        }
    }
}
