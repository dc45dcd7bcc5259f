namespace Simulation.Worlds;

/// <summary>Everything that a process logs, read as an attacker and as an operator would: no secret in it, no forged line.</summary>
internal sealed class SimLog(SimWorld world, Incarnation node) : ILoggerFactory
{
    public ILogger CreateLogger(string categoryName) => new Logger(world, node);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException("there is one log");

    public void Dispose()
    {
    }

    private sealed class Logger(SimWorld world, Incarnation node) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= world.LogLevel;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel) || !node.Life.IsAlive)
            {
                return;
            }

            var text = formatter(state, exception);
            world.Watch.Logged(node, text, exception);
            world.Trace.Note(node.Name, exception is null ? text : $"{text} | {exception}");
        }
    }
}
