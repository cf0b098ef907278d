using System.Collections.Concurrent;

namespace FaultyProgram;

/// <summary>Keeps the lines at Error, with their exceptions' text as any provider would write it; and throws where that is the test.</summary>
internal sealed class ErrorLog : ILoggerProvider
{
    public ConcurrentQueue<string> Lines { get; } = new();

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(ErrorLog owner, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel >= LogLevel.Error) owner.Lines.Enqueue($"{category}[{eventId.Id}]: {formatter(state, exception)} {exception}");
            if (category == "SocketIOServer") Fault.At("logger");
        }
    }
}
