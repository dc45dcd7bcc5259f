namespace Reconciler.Telemetry;

/// <summary>What happens at the web console. Event ids 800-899.</summary>
internal static partial class ConsoleLog
{
    [LoggerMessage(800, LogLevel.Warning, "An operator acts: {Action} for {Whom} by {Owner}: {Why}: {Outcome}")]
    public static partial void Action(ILogger logger, string action, string whom, string owner, string why, string outcome);

    [LoggerMessage(801, LogLevel.Information, "{Owner} signed in at the console from {Address}")]
    public static partial void SignedIn(ILogger logger, string owner, string address);

    [LoggerMessage(802, LogLevel.Warning, "A wrong token was offered at the console from {Address}")]
    public static partial void WrongToken(ILogger logger, string address);

    [LoggerMessage(803, LogLevel.Warning, "The console refused {Path} from {Address}: {Why}")]
    public static partial void Refused(ILogger logger, string path, string address, string why);
}
