using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Reconciler.Cli;

/// <summary>What commands log to standard error, for people: one entry is one line, whatever its texts hold.</summary>
internal sealed class OneLineFormatter() : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "one-line";

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        var cause = logEntry.Exception is { } exception ? $": {exception}" : "";
        textWriter.WriteLine(Out.Clean($"{logEntry.LogLevel}: {logEntry.Category}: {message}{cause}".ReplaceLineEndings(" ")));
    }
}
