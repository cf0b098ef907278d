using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace SocketIOServer.Testing;

/// <summary>Keeps what the server logs, because the log usually shows why a test waits in vain.</summary>
internal sealed class ServerLog : ILoggerProvider
{
    private const int ShownLines = 5;

    private readonly ConcurrentQueue<string> _lines = new();
    private readonly ConcurrentQueue<Exception> _errors = new();

    public IReadOnlyList<Exception> Errors => [.. _errors];

    public void Add(Exception error, string where)
    {
        _errors.Enqueue(error);
        _lines.Enqueue($"{where} {error.GetType().Name}: {error.Message}");
    }

    /// <summary>Returns the last lines for the end of a message, or an empty text if there are none.</summary>
    public string Describe()
    {
        var lines = _lines.ToArray();
        return lines.Length == 0 ? "" : $"\nThe server logged:\n  {string.Join("\n  ", lines.TakeLast(ShownLines))}";
    }

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName.StartsWith("SocketIOServer", StringComparison.Ordinal));

    public void Dispose()
    {
    }

    private sealed class Logger(ServerLog log, bool isOurs) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= (isOurs ? LogLevel.Information : LogLevel.Error) && logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (!IsEnabled(logLevel)) return;
            if (exception is not null && logLevel >= LogLevel.Error) log.Add(exception, formatter(state, exception));
            else log._lines.Enqueue(formatter(state, exception));
        }
    }
}
