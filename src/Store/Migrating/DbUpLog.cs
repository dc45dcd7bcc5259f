using System.Globalization;
using DbUp.Engine.Output;

namespace Store;

/// <summary>Hands DbUp's words on, except its trace of internals.</summary>
internal sealed class DbUpLog(Action<string> log) : IUpgradeLog
{
    public void LogTrace(string format, params object[] args)
    {
    }

    public void LogDebug(string format, params object[] args)
    {
    }

    public void LogInformation(string format, params object[] args) => log(Text(format, args));

    public void LogWarning(string format, params object[] args) => log("warning: " + Text(format, args));

    public void LogError(string format, params object[] args) => log("error: " + Text(format, args));

    public void LogError(Exception ex, string format, params object[] args) => log($"error: {Text(format, args)}: {ex.Message}");

    private static string Text(string format, object[] args) =>
        args.Length == 0 ? format : string.Format(CultureInfo.InvariantCulture, format, args);
}
